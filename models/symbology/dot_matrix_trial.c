#include "symbology/dot_matrix_trial.h"

#include <stdlib.h>
#include <string.h>

/* Measured, with room: a bit of a message, and a bit of the code. */
static const double bit_ns = 60, cell_ns = 10;

/* A header that was not expected is tried where the soft bits agree with it to this part of what
 * they could: a header read by chance reaches about a third. */
static const float clear_header = 0.5f;

/* How many bits of the code the correction turned over. */
static unsigned count_corrected(enum matrix_fec fec, const struct dot_matrix_message *message,
                                const int16_t *soft, unsigned cells)
{
    uint8_t code[DOT_MATRIX_MAX_CELLS];
    unsigned corrected = 0;
    dot_matrix_encode(fec, message, cells, code);
    for (unsigned i = 0; i < cells; i++)
        corrected += code[i] != (soft[i] > 0);
    return corrected;
}

static bool try_header(struct dot_matrix_fec *scratch, const struct decode_rules *rules,
                       uint8_t header, const int16_t *soft, unsigned cells, struct budget *budget,
                       struct dot_matrix_found *found)
{
    struct dot_matrix_message message = {.header = header};
    enum matrix_fec fec = rules->matrix.fec;
    if (!budget_spend(budget, bit_ns * dot_matrix_message_bits(header) + cell_ns * cells) ||
        !dot_matrix_correct(scratch, fec, soft, cells, &message) ||
        !dot_matrix_unpack(&message, found->text))
        return false;
    found->length = dot_matrix_message_length(header);
    found->corrected = count_corrected(fec, &message, soft, cells);
    found->bits = cells;
    found->message_bits = message.bits;
    return !(rules->max_corrected > 0) ||
           (float)found->corrected <= rules->max_corrected * (float)cells;
}

static uint8_t best_header(const int32_t agree[256], int but)
{
    int best = but == 1 ? 2 : 1;
    for (int header = best + 1; header < 256; header++)
        if (header != but && agree[header] > agree[best])
            best = header;
    return (uint8_t)best;
}

static bool try_expected(struct dot_matrix_fec *scratch, const struct decode_rules *rules,
                         const int16_t *soft, unsigned cells, const int32_t agree[256],
                         struct budget *budget, struct dot_matrix_found *found)
{
    uint8_t headers[2];
    dot_matrix_headers(rules->length, headers);
    bool digits_first = agree[headers[1]] > agree[headers[0]];
    for (int i = 0; i < 2; i++) {
        uint8_t header = headers[(i == 0) == digits_first];
        if (header != 0 && try_header(scratch, rules, header, soft, cells, budget, found))
            return true;
    }
    return false;
}

bool dot_matrix_try(struct dot_matrix_fec *scratch, const struct decode_rules *rules,
                    const int16_t *soft, unsigned cells, struct budget *budget,
                    struct dot_matrix_found *found)
{
    int32_t agree[256];
    int32_t most = dot_matrix_hear_header(soft, cells, agree);
    if (rules->length != 0 && try_expected(scratch, rules, soft, cells, agree, budget, found))
        return true;
    uint8_t heard = best_header(agree, -1);
    bool clear = (float)agree[heard] > clear_header * (float)most;
    bool tried = rules->length != 0 && dot_matrix_message_length(heard) == rules->length;
    if (!tried && (clear || rules->length == 0) &&
        try_header(scratch, rules, heard, soft, cells, budget, found))
        return true;
    return rules->length == 0 &&
           try_header(scratch, rules, best_header(agree, heard), soft, cells, budget, found);
}
