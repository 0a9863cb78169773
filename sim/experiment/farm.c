#include "experiment/farm.h"

#include "experiment/crew.h"
#include "experiment/unit_text.h"
#include "experiment/yard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAIT_NS = 100000000 };

/* Where a unit is under way; from AWAY on: at rank where - AWAY. */
enum where { NOWHERE, HERE, AWAY = HERE };

/* One run of a farm, by processes: the state of it. */
struct shift {
    const struct farm *farm;
    struct design *design;
    struct yard yard;
    struct crew crew;
    int *where;        /* by unit */
    bool *dropped;     /* by unit: nobody wants it any more */
    size_t next;       /* the next unit to look at */
    enum unit_end end; /* UNIT_DONE until something else happens */
    struct error *error;
};

/* Nothing more is begun; what is under way ends soon. */
static void fail(struct shift *shift, enum unit_end end)
{
    if (shift->end == UNIT_DONE)
        shift->end = end;
    yard_stop(&shift->yard);
    if (shift->farm->ranks != NULL)
        crew_dismiss(&shift->crew);
}

static bool is_wanted(const struct farm *farm, size_t unit)
{
    return farm->wanted == NULL || farm->wanted(farm->model, unit);
}

static void drop_unwanted(struct shift *shift)
{
    for (size_t unit = 0; unit < shift->design->count; unit++) {
        int where = shift->where[unit];
        if (where == NOWHERE || shift->dropped[unit] || is_wanted(shift->farm, unit))
            continue;
        shift->dropped[unit] = true;
        if (where == HERE)
            yard_drop(&shift->yard, unit);
        else
            crew_drop(&shift->crew, where - AWAY, unit);
    }
}

static bool keep(const struct farm *farm, struct design *design, struct unit_result *unit,
                 struct error *error)
{
    unit_result_finish(unit);
    design->done++;
    return farm->keep(farm->model, unit, error);
}

static void tell_trouble(struct shift *shift, const struct unit_result *unit, const char *line)
{
    const char *scheme = unit->tables->schemes[unit->scheme];
    int status;
    if (strncmp(line, "failed: ", 8) == 0)
        error_set(shift->error, "%.500s", line + 8);
    else if (sscanf(line, "died %d", &status) == 1)
        error_set(shift->error, "the process of replication %u of %s died (status %d)",
                  unit->replication, scheme, status);
    else
        error_set(shift->error, "the process of replication %u of %s made no sense",
                  unit->replication, scheme);
}

/* Puts what a process said, here or on another rank, in its place. */
static void take(void *whose, size_t number, const char *line)
{
    struct shift *shift = whose;
    CHECK(number < shift->design->count && shift->where[number] != NOWHERE);
    struct unit_result *unit = shift->design->units[number];
    shift->where[number] = NOWHERE;
    if (unit_text_read(unit, line)) {
        if (!keep(shift->farm, shift->design, unit, shift->error))
            fail(shift, UNIT_FAILED);
        drop_unwanted(shift);
    } else if (shift->dropped[number]) {
        return;
    } else if (strcmp(line, "stopped") == 0) {
        fail(shift, UNIT_STOPPED);
    } else if (shift->end == UNIT_DONE) {
        tell_trouble(shift, unit, line);
        fail(shift, UNIT_FAILED);
    }
}

static bool is_left(const struct farm *farm, const struct design *design, size_t unit)
{
    return !design->units[unit]->done && design_is_mine(design, unit) && is_wanted(farm, unit);
}

/* The next unit that nobody has begun; design->count: none. */
static size_t find_next(struct shift *shift)
{
    while (shift->next < shift->design->count && !is_left(shift->farm, shift->design, shift->next))
        shift->next++;
    return shift->next;
}

static void begin(struct shift *shift, size_t unit, bool here)
{
    if (!here)
        shift->where[unit] = AWAY + crew_start(&shift->crew, unit);
    else if (yard_start(&shift->yard, unit, shift->error))
        shift->where[unit] = HERE;
    else
        fail(shift, UNIT_FAILED);
}

/* Begins units wherever one can be begun: here first, as that is nearest. */
static void fill(struct shift *shift)
{
    while (shift->end == UNIT_DONE) {
        bool here = shift->yard.running < shift->yard.processes;
        if (!here && (shift->farm->ranks == NULL || !crew_is_idle(&shift->crew)))
            return;
        size_t unit = find_next(shift);
        if (unit == shift->design->count)
            return;
        shift->next++;
        begin(shift, unit, here);
    }
}

/* Waits for whoever speaks first, not for long. */
static void listen_to_all(struct shift *shift)
{
    struct ranks *ranks = shift->farm->ranks;
    struct error error;
    yard_listen(&shift->yard, ranks != NULL ? ranks_pause_ns(ranks) : WAIT_NS);
    if (ranks == NULL || crew_listen(&shift->crew, take, shift, &error))
        return;
    if (shift->end == UNIT_DONE)
        *shift->error = error;
    fail(shift, UNIT_FAILED);
}

/* The others have nothing to do any more. */
static bool is_over(struct shift *shift)
{
    return shift->end != UNIT_DONE ||
           (shift->crew.out == 0 && find_next(shift) == shift->design->count);
}

static void work(struct shift *shift)
{
    const struct farm *farm = shift->farm;
    fill(shift);
    while (shift->yard.running > 0 || shift->crew.present > 0) {
        listen_to_all(shift);
        if (farm->idle != NULL)
            farm->idle(farm->model);
        if (*farm->stop && shift->end == UNIT_DONE)
            fail(shift, UNIT_STOPPED);
        fill(shift);
        if (farm->ranks != NULL && is_over(shift))
            crew_dismiss(&shift->crew);
    }
}

static void open_shift(struct shift *shift, const struct farm *farm, struct design *design,
                       struct error *error)
{
    *shift = (struct shift){.farm = farm, .design = design, .end = UNIT_DONE, .error = error};
    shift->where = calloc(design->count + 1, sizeof *shift->where);
    shift->dropped = calloc(design->count + 1, sizeof *shift->dropped);
    CHECK(shift->where != NULL && shift->dropped != NULL);
    shift->yard = (struct yard){.run = farm->run,
                                .model = farm->model,
                                .design = design,
                                .take = take,
                                .whose = shift,
                                .processes = farm->processes};
    yard_init(&shift->yard);
    if (farm->ranks != NULL)
        crew_init(&shift->crew, farm->ranks, farm->task, farm->task_bytes);
}

static enum unit_end run_processes(const struct farm *farm, struct design *design,
                                   struct error *error)
{
    struct shift shift;
    open_shift(&shift, farm, design, error);
    work(&shift);
    if (farm->helpers_cpu_s != NULL)
        *farm->helpers_cpu_s += shift.crew.cpu_s;
    crew_fini(&shift.crew);
    yard_fini(&shift.yard);
    free(shift.where);
    free(shift.dropped);
    return shift.end;
}

static enum unit_end run_here(const struct farm *farm, struct design *design, struct error *error)
{
    for (size_t i = 0; i < design->count; i++) {
        struct unit_result *unit = design->units[i];
        if (!is_left(farm, design, i))
            continue;
        enum unit_end end = farm->run(farm->model, unit, error);
        if (end != UNIT_DONE) { /* what it counted so far is no unit's */
            unit_result_clear(unit);
            return end;
        }
        if (!keep(farm, design, unit, error))
            return UNIT_FAILED;
    }
    return UNIT_DONE;
}

enum unit_end farm_run(const struct farm *farm, struct design *design, struct error *error)
{
    CHECK(farm->processes >= 1);
    return farm->processes > 1 || farm->ranks != NULL ? run_processes(farm, design, error)
                                                      : run_here(farm, design, error);
}
