/*
 * What the customers' tokens make, and the certificates of those that sign.
 *
 * Nothing of a code is kept but what it is made of: the token's counter (hotp), the moment at which
 * it is shown (totp), or the reservation with its expiry (ocra and signatures).
 *
 * Where customers reserve at the terminal, that and its challenge belong to the transaction.
 *
 * A token whose certificate is refused is exchanged for another, with a key and a certificate of
 * its own, before its owner's next wish. How long a first certificate has been valid already when
 * the run begins is drawn: any time of its life.
 */
#include "parts.h"

#include <math.h>

struct token_form settings_token_form(const struct settings *settings)
{
    return (struct token_form){
        .kind = (enum code_kind)settings->code,
        .passcode = {(enum passcode_kind)settings->code_alphabet, (unsigned)settings->code_digits},
        .step_s = (uint32_t)settings->totp_step,
    };
}

/* How far a token's clock is off. */
static int64_t clock_error_s(const struct world *world, uint32_t index)
{
    struct stream stream = world_stream(world, index, PURPOSE_TOKEN_CLOCK);
    return llround(distribution_draw(&world->settings->clock_error, &stream));
}

void codes_reserved(const struct world *world, struct customer *customer, simtime expires)
{
    if (world->settings->code == CODE_HOTP)
        customer->token_counter++;
    customer->code = (uint64_t)expires;
}

void codes_shown(const struct world *world, struct customer *customer)
{
    if (world->settings->code == CODE_TOTP)
        customer->code = (uint64_t)world->kernel.now;
}

/* The transaction as the network terminal has sent it to the token. */
struct transaction codes_transaction(const struct world *world, uint32_t index)
{
    const struct customer *customer = &world->customers[index];
    char own_code[MESSAGE_DIGITS_BYTES];
    struct transaction transaction = {.reservation = customer->booked,
                                      .mobile = world_mobile(index),
                                      .card = world_card(index),
                                      .amount_minor = wishes_draw(world, index, own_code),
                                      .expires = (int64_t)customer->code};
    if (world_reserves_here(world)) {
        transaction.has_terminal = transaction.has_nonce = true;
        transaction.terminal = customer->terminal;
        transaction.nonce = codes_challenge(world, index);
    }
    malware_in_transaction(world, index, &transaction);
    return transaction;
}

/* Of the session, which began at `since`: 41 bits of clock are for 69 years. */
enum { CHANCE_BITS = 22 };

uint64_t codes_challenge_at(simtime since, struct stream *stream)
{
    uint64_t clock_ms = (uint64_t)(since / (SIMTIME_SECOND / 1000));
    return clock_ms << CHANCE_BITS | stream_u32(stream) >> (32 - CHANCE_BITS) | 1;
}

uint64_t codes_challenge(const struct world *world, uint32_t index)
{
    struct stream stream = visit_stream(world, index, 0, 0, PURPOSE_CHALLENGE);
    return codes_challenge_at(world->customers[index].since, &stream);
}

void codes_make(const struct world *world, uint32_t index, struct token_code *code)
{
    const struct customer *customer = &world->customers[index];
    struct token_secret secret = world_token_secret(world, index);
    struct token_order order = {.counter = (uint64_t)customer->token_counter - 1};
    if (world->settings->code == CODE_TOTP)
        order.time_s = message_clock_s((simtime)customer->code) + clock_error_s(world, index);
    else if (world->settings->code != CODE_HOTP)
        order.transaction = codes_transaction(world, index);
    token_request(world->algorithm, &secret, &order, code);
}

/* ---- certificates ---- */

static void schedule_loss(struct world *world, uint32_t index)
{
    double rate = world->settings->bank.revocations;
    uint32_t issue = world->customers[index].token_counter;
    if (!(rate > 0.0))
        return;
    struct stream stream =
        world_stream(world, (uint64_t)index << 16 | (issue & 0xffff), PURPOSE_TOKEN_LOSS);
    double after_s = stream_exponential(&stream, 1.0 / rate);
    if (after_s < world->settings->duration)
        kernel_schedule(&world->kernel, simtime_from_seconds(after_s), EVENT_TOKEN_LOST, index,
                        issue);
}

void codes_hand_out(struct world *world, uint32_t index)
{
    struct customer *customer = &world->customers[index];
    simtime lifetime = simtime_from_seconds(world->settings->bank.certificate_lifetime);
    struct stream stream = world_stream(world, index, PURPOSE_CERTIFICATE);
    simtime age = (simtime)(stream_uniform(&stream) * (double)lifetime);
    bool first = customer->visit == 0;
    if (!first)
        customer->token_counter++;
    struct token_secret secret = world_token_secret(world, index);
    struct certification certification = {.mobile = world_mobile(index)};
    certification.public_bytes =
        token_public_key(world->algorithm, &secret, certification.public_key);
    certification.not_before = first ? -age : world->kernel.now;
    certification.not_after = certification.not_before + lifetime;
    books_expect(world, bank_certify(world->bank, &certification));
    customer->new_token = false;
    schedule_loss(world, index);
}

void codes_refused(struct world *world, uint32_t index, enum reason reason)
{
    bool worn = reason == REASON_CERTIFICATE_EXPIRED || reason == REASON_CERTIFICATE_REVOKED;
    world->customers[index].new_token |= worn;
}

/* Unless its owner has another by now. */
void on_token_lost(void *argument, const struct event *event)
{
    struct world *world = argument;
    if (world->customers[event->subject].token_counter != event->detail)
        return;
    bank_revoke(world->bank, world_mobile(event->subject), event->at);
    STORY(customer, world, event->subject, "revoked");
}
