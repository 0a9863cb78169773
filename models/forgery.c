/*
 * The forger: knows a mobile number and has no code. He goes to a machine while the number's
 * reservation is open (or makes one there, where customers reserve at the terminal) and shows codes
 * that he has made up, of the right form, until one is accepted, the bank locks the reservation or
 * he has tried often enough. Each is drawn anew.
 *
 *     a one-time code    right with probability window / S a try: S codes of that form, of which
 *                        the bank accepts `window` at a time (bank.look_ahead + 1 with hotp,
 *                        2 bank.totp_window + 1 with totp, 1 with ocra)
 *     a signature        the transaction is known to the last byte: only the 64 bytes of signature
 *                        are made up, and never right (2^-128: no run will see it)
 *     two typed codes    10^-digits each, and both must be right
 *
 * Whom it harms is the owner, whose reservation is locked when he comes.
 */
#include "parts.h"

#include <math.h>
#include <string.h>

void forgery_plan(struct world *world, uint32_t index)
{
    const struct forger_settings *forgers = &world->settings->attacks.forgers;
    if (!(forgers->reach > 0.0))
        return;
    struct stream stream = visit_stream(world, index, 0, 0, PURPOSE_FORGERY);
    if (!stream_chance(&stream, forgers->reach))
        return;
    accomplice_brief(world, index, THIEF_FORGER);
    STORY(attack, world, world->attack_count - 1, "attack kind=forger obtained=0");
    kernel_schedule(&world->kernel, distribution_delay(&forgers->after, &stream), EVENT_STRIKE,
                    world->attack_count - 1, 0);
}

static struct stream stream_of_try(const struct world *world, const struct attack *attack)
{
    return accomplice_stream(world, attack, 1u + attack->tries, PURPOSE_FORGERY);
}

/* Of what the bank told the machine, as the best informed forger would have it. */
static struct transaction guess_transaction(const struct world *world, const struct attack *attack)
{
    struct transaction transaction = codes_transaction(world, attack->customer);
    transaction.reservation = attack->reservation;
    if (world_reserves_here(world)) {
        transaction.amount_minor = forgery_amount_minor(world);
        transaction.expires = attack->expires;
        transaction.terminal = attack->machine;
        transaction.nonce = attack->challenge;
    }
    return transaction;
}

static void make_up_signature(const struct world *world, const struct attack *attack,
                              struct stream *stream, struct token_code *code)
{
    struct transaction transaction = guess_transaction(world, attack);
    uint8_t bytes[PAYLOAD_MAX_BYTES];
    transaction_encode(&transaction, bytes);
    for (unsigned i = TRANSACTION_BYTES; i < code->count; i++)
        bytes[i] = (uint8_t)stream_below(stream, 256);
    if (world->settings->code == CODE_ED25519) /* S, the last in little-endian, is below 2^253 */
        bytes[code->count - 1] &= 0x0f;
    memcpy(code->bytes, bytes, code->count);
}

/* As otp/passcode.h has them. */
static const char characters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void forgery_image(const struct world *world, const struct attack *attack, struct token_code *code)
{
    struct token_form form = settings_token_form(world->settings);
    struct stream stream = stream_of_try(world, attack);
    uint32_t symbols = form.passcode.kind == PASSCODE_DIGITS ? 10 : sizeof characters - 1;
    *code = (struct token_code){.count = token_code_bytes(&form)};
    if (code_is_signature(form.kind))
        make_up_signature(world, attack, &stream, code);
    else
        for (unsigned i = 0; i < code->count; i++)
            code->bytes[i] = characters[stream_below(&stream, symbols)];
}

void forgery_typed(const struct world *world, const struct attack *attack,
                   char reservation_code[MESSAGE_DIGITS_BYTES], char sms_code[MESSAGE_DIGITS_BYTES])
{
    struct stream stream = stream_of_try(world, attack);
    unsigned digits = (unsigned)world->settings->bank.sms_digits;
    people_choose_code(&stream, digits, reservation_code);
    people_choose_code(&stream, digits, sms_code);
}

int64_t forgery_amount_minor(const struct world *world)
{
    return llround(world->settings->bank.note * 100.0);
}
