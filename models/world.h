/*
 * The world: one bank, its customers, tokens and machines, and those who would steal from them, for
 * one scheme and one replication.
 *
 * It builds and owns every party and is the only place that introduces one to another. A unit is a
 * pure function of (settings, scheme, replication) into its result, but for the CPU times measured;
 * the workers only decide how fast.
 */
#ifndef CASHPOINT_WORLD_H
#define CASHPOINT_WORLD_H

#include "bank/bank.h"
#include "engine/trace.h"
#include "exchange.h"
#include "gallery.h"
#include "measures.h"
#include "settings.h"

/* Who looks on. `progress` says how far a unit has come, about once a simulated quarter of an hour;
 * `capture` is shown every picture when its answer is needed. Both may be null. */
struct world_watch {
    void (*progress)(void *observer, double fraction);
    void *observer;                       /* of both */
    const volatile bool *stop;            /* null, or set by a signal: end early */
    enum bank_defect defect;              /* tests only: what the bank does wrong */
    enum terminal_defect terminal_defect; /* the same of the terminals */
    bool timed;  /* tests only: timers and acknowledgements though nothing can get lost */
    FILE *story; /* where the story of a broken invariant's reservation goes; null: stderr */
    struct trace *trace; /* null, or what happened is told to (story.h) */
    void (*capture)(void *observer, const struct exhibit *exhibit);
};

enum world_end { WORLD_DONE, WORLD_STOPPED, WORLD_FAILED };

/* Runs one unit. `gallery` (or null) collects the first shots of each kind. WORLD_FAILED: an
 * operating failure, or the oracle found an invariant broken; `error` says which. Where one of the
 * protocol's broke, and nobody traces, the unit is run again to tell that reservation's story. */
enum world_end world_run(const struct settings *settings, enum scheme scheme, unsigned replication,
                         struct workers *workers, struct gallery *gallery,
                         const struct world_watch *watch, struct unit_result *result,
                         struct error *error);

/* The largest frame that these settings make: what a pipeline needs room for. */
void world_frame_size(const struct settings *settings, unsigned *width, unsigned *height);

/* The parts of a capture as the settings describe them: for `show`, benches and tests. */
struct camera settings_camera(const struct camera_settings *camera);
/* A terminal's when it takes a shot: focused as far as the lens has come. */
struct camera settings_capture_camera(const struct terminal_settings *terminals);
struct display settings_display(const struct display_settings *display);
/* On which a customer shows the code: the token's display, or the phone's. */
const struct display_settings *settings_shown(const struct settings *settings);
struct code_format settings_format(const struct settings *settings);
struct token_model settings_token(const struct settings *settings);
struct token_form settings_token_form(const struct settings *settings);

/* What the bank accepts in a frame. */
struct decode_rules settings_rules(const struct settings *settings);

/* Fills the conditions, sequence and photograph of a shot in which a customer (or an accomplice
 * with `display` on a phone; null: the scenario's way) shows a code to an ATM's camera. Draws from
 * `stream`. */
void settings_present(const struct settings *settings, const struct display_settings *display,
                      uint32_t terminal, struct stream *stream, struct shot *shot);

/* The same of a thief's photograph of what a customer shows. */
void settings_photograph(const struct settings *settings, uint32_t camera_id, struct stream *stream,
                         struct shot *shot);

#endif
