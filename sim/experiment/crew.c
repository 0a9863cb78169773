#include "experiment/crew.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void crew_init(struct crew *crew, struct ranks *ranks, const char *task, size_t length)
{
    *crew = (struct crew){.ranks = ranks, .present = ranks->size - 1};
    crew->idle = calloc((size_t)ranks->size, sizeof *crew->idle);
    CHECK(crew->idle != NULL && ranks->rank == 0);
    ranks_send_all(ranks, LETTER_TASK, task, length);
}

void crew_fini(struct crew *crew)
{
    free(crew->idle);
}

/* 0: nobody. */
static int find_idle(const struct crew *crew)
{
    for (int rank = 1; rank < crew->ranks->size; rank++)
        if (crew->idle[rank] > 0)
            return rank;
    return 0;
}

bool crew_is_idle(const struct crew *crew)
{
    return find_idle(crew) > 0;
}

static void send_number(struct crew *crew, int rank, enum letter_kind kind, size_t unit)
{
    char number[32];
    int length = snprintf(number, sizeof number, "%zu", unit);
    ranks_send(crew->ranks, rank, kind, number, (size_t)length);
}

int crew_start(struct crew *crew, size_t unit)
{
    int rank = find_idle(crew);
    CHECK(rank > 0);
    crew->idle[rank]--;
    crew->out++;
    send_number(crew, rank, LETTER_UNIT, unit);
    return rank;
}

void crew_drop(struct crew *crew, int rank, size_t unit)
{
    send_number(crew, rank, LETTER_DROP, unit);
}

static bool take_hello(struct crew *crew, const struct letter *letter, struct error *error)
{
    unsigned processes;
    if (sscanf(letter->text, "%u", &processes) != 1)
        return error_set(error, "rank %d: %.400s", letter->from, letter->text);
    crew->idle[letter->from] = processes;
    return true;
}

/* "NUMBER LINE"; the rank that sent it is idle before the line is taken. */
static void take_line(struct crew *crew, const struct letter *letter, yard_taker *take, void *whose)
{
    char *line;
    size_t unit = strtoull(letter->text, &line, 10);
    CHECK(*line == ' ');
    crew->idle[letter->from]++;
    crew->out--;
    take(whose, unit, line + 1);
}

bool crew_listen(struct crew *crew, yard_taker *take, void *whose, struct error *error)
{
    struct letter letter;
    bool good = true;
    while (good && ranks_poll(crew->ranks, &letter)) {
        CHECK(letter.kind == LETTER_HELLO || letter.kind == LETTER_LINE ||
              letter.kind == LETTER_BYE);
        if (letter.kind == LETTER_HELLO) {
            good = take_hello(crew, &letter, error);
        } else if (letter.kind == LETTER_LINE) {
            take_line(crew, &letter, take, whose);
        } else {
            crew->present--;
            crew->cpu_s += strtod(letter.text, NULL);
        }
        free(letter.text);
    }
    return good;
}

void crew_dismiss(struct crew *crew)
{
    if (!crew->dismissed)
        ranks_send_all(crew->ranks, LETTER_DISMISS, "", 0);
    crew->dismissed = true;
}
