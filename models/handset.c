/*
 * The phone of a customer who reserves at the machine: the bank asks it for a code, its owner reads
 * the question and has the token answer it, and the bank is told that the code is there.
 *
 *     bank -> phone    the transaction, with the terminal and its challenge
 *     phone -> bank    the code is made; or its owner does not confirm what the token shows
 *
 * Either may be lost, come twice or come late on the phone's channel; who asks again is the bank
 * (exchange.h). The owner is asked once: a question that comes again meanwhile says nothing new,
 * and one that comes after the answer is answered again at once.
 *
 * The bank's first question leaves when the terminal knows of the reservation.
 */
#include "parts.h"

/* ... and looking at the token, where it shows what it is asked for. */
static simtime confirm_time(const struct world *world, const struct exchange *exchange)
{
    struct stream stream;
    struct stream_key key = exchange->key;
    key.purpose = PURPOSE_STEP;
    stream_init(&stream, key);
    return distribution_delay(&world->settings->customers.confirm, &stream) +
           malware_look(world, exchange->who);
}

void on_to_phone(void *argument, const struct event *event)
{
    struct world *world = argument;
    struct exchange *exchange = exchange_at(world, event->subject);
    if (exchange->phone == PHONE_HAS_ANSWER || exchange->phone == PHONE_HAS_REFUSAL) {
        post_answer(world, event->subject, event->detail);
    } else if (exchange->phone == PHONE_NOT_ASKED) {
        exchange->phone = PHONE_ASKS_OWNER;
        post_deliver(world, event->subject, confirm_time(world, exchange), EVENT_CODE_MADE,
                     event->detail);
    }
    exchange_drop_message(world, event->subject);
}

void on_code_made(void *argument, const struct event *event)
{
    struct world *world = argument;
    struct exchange *exchange = exchange_at(world, event->subject);
    bool seen = exchange->attended && malware_is_seen(world, exchange->who);
    exchange->phone = seen ? PHONE_HAS_REFUSAL : PHONE_HAS_ANSWER;
    post_answer(world, event->subject, event->detail);
    exchange_drop_message(world, event->subject);
}
