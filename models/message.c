#include "message.h"

#include "engine/error.h"

static const char *const names[REASON_COUNT] = {
#define X(reason, name, text) name,
    REASONS(X)
#undef X
};

static const char *const texts[REASON_COUNT] = {
#define X(reason, name, text) text,
    REASONS(X)
#undef X
};

const char *reason_name(enum reason reason)
{
    CHECK(reason < REASON_COUNT);
    return names[reason];
}

const char *reason_text(enum reason reason)
{
    CHECK(reason < REASON_COUNT);
    return texts[reason];
}
