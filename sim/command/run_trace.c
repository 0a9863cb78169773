#include "run_trace.h"

#include "engine/hash.h"
#include "experiment/quantity.h"
#include "story.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char magic[] = "# cashpoint-trace"; /* what a trace begins with */

static bool read_moment(const char *name, const char *text, simtime *moment)
{
    double seconds;
    size_t at;
    struct error error;
    if (text == NULL)
        return true;
    if (!quantity_parse(text, DIMENSION_TIME, &seconds, &at, &error))
        complain(EXIT_USAGE, "--%s takes a simulated time as in '9.5 h', not '%s': %s", name, text,
                 error.text);
    else if (seconds < 0.0)
        complain(EXIT_USAGE, "--%s takes a time from 0 s on, not '%s'", name, text);
    else {
        *moment = simtime_from_seconds(seconds);
        return true;
    }
    return false;
}

bool run_trace_filter(const struct run *run, const struct trace_wish *wish,
                      const struct unit_result *unit, struct trace_filter *filter)
{
    struct error error;
    *filter = (struct trace_filter){.to = SIMTIME_NEVER};
    if (wish->file == NULL && (wish->from || wish->to || wish->entity)) {
        complain(EXIT_USAGE, "--trace FILE is missing: where to write what happened");
        return false;
    }
    if (!read_moment("trace-from", wish->from, &filter->from) ||
        !read_moment("trace-to", wish->to, &filter->to))
        return false;
    if (filter->from > filter->to) {
        complain(EXIT_USAGE, "--trace-from '%s' lies after --trace-to '%s'", wish->from, wish->to);
        return false;
    }
    if (wish->entity == NULL ||
        story_parse_entity(wish->entity, run->points[unit->point].settings, &filter->only, &error))
        return true;
    complain(EXIT_USAGE, "--trace-entity: %s", error.text);
    return false;
}

/* --- which unit --- */

struct unit_name run_unit_name(const struct run *run, const struct unit_result *unit)
{
    struct unit_name name = {""};
    int length = 0;
    if (run->design.point_count > 1)
        length = snprintf(name.text, sizeof name.text, "%u/", unit->point + 1);
    snprintf(name.text + length, sizeof name.text - (size_t)length, "%s/%u",
             unit->tables->schemes[unit->scheme], unit->replication);
    return name;
}

/* What a name may hold. */
static void list_units(const struct run *run, char *text, size_t room)
{
    const struct model_tables *tables = run->design.units[0]->tables;
    const struct experiment *experiment = &run->design.points[0];
    int used = 0;
    if (run->design.point_count > 1)
        used = snprintf(text, room, "POINT 1 to %zu, ", run->design.point_count);
    used += snprintf(text + used, room - (size_t)used, "SCHEME");
    for (unsigned i = 0, n = 0; i < tables->scheme_count; i++)
        if (experiment->schemes >> i & 1)
            used += snprintf(text + used, room - (size_t)used, "%s %s", n++ > 0 ? " or" : "",
                             tables->schemes[i]);
    snprintf(text + used, room - (size_t)used, ", REPLICATION 0 to %u",
             experiment->replications - 1);
}

static struct unit_result *find_unit(const struct run *run, const char *text)
{
    for (size_t i = 0; i < run->design.count; i++)
        if (strcmp(run_unit_name(run, run->design.units[i]).text, text) == 0)
            return run->design.units[i];
    return NULL;
}

struct unit_result *run_find_unit(const struct run *run, const char *name, const char *text)
{
    char units[256];
    struct unit_result *unit = text != NULL ? find_unit(run, text) : run->design.units[0];
    if (unit != NULL)
        return unit;
    list_units(run, units, sizeof units);
    complain(EXIT_USAGE, "%s: this run has no unit '%s'; name %sSCHEME/REPLICATION: %s", name, text,
             run->design.point_count > 1 ? "POINT/" : "", units);
    return NULL;
}

/* --- the file --- */

/* A trace may take the place of an older one, but of no other file: a slip of the hand must not
 * cost a journal. */
static bool may_be_replaced(const char *path)
{
    char start[sizeof magic] = "";
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size == 0)
        return true;
    FILE *file = fopen(path, "re");
    bool read = file != NULL && fread(start, 1, sizeof magic - 1, file) == sizeof magic - 1;
    if (file != NULL)
        fclose(file);
    return read && strcmp(start, magic) == 0;
}

bool run_trace_open(const struct run *run, struct trace *trace, const char *path,
                    const struct trace_filter *filter, const struct unit_result *unit,
                    struct error *error)
{
    struct journal_identity identity = run_identify(run);
    if (!may_be_replaced(path))
        return error_set(error, "%s: exists already, and is no trace; name another file", path);
    if (!trace_open(trace, path, filter, error))
        return false;
    trace_remark(trace, "%s 1", magic + 2);
    trace_remark(trace, "build %s", identity.build);
    trace_remark(trace, "scenario %s %016llx", identity.scenario,
                 (unsigned long long)identity.scenario_hash);
    trace_remark(trace, "unit %s", run_unit_name(run, unit).text);
    trace_remark(trace, "seed %lld", (long long)run->points[unit->point].settings->seed);
    trace_remark(trace, "from " TRACE_SECONDS, TRACE_PARTS(filter->from));
    if (filter->to == SIMTIME_NEVER)
        trace_remark(trace, "to the end");
    else
        trace_remark(trace, "to " TRACE_SECONDS, TRACE_PARTS(filter->to));
    if (filter->only.kind == NULL)
        trace_remark(trace, "entity any");
    else
        trace_remark(trace, "entity %s:%llu", filter->only.kind,
                     (unsigned long long)filter->only.number);
    return true;
}

bool run_trace_close(struct trace *trace, enum unit_end end, const struct unit_result *unit,
                     const char *why, struct error *error)
{
    unsigned long long lines = trace->lines;
    if (end == UNIT_DONE)
        trace_remark(trace, "end lines=%llu fingerprint=%016llx", lines,
                     (unsigned long long)unit->fingerprint);
    else if (end == UNIT_STOPPED)
        trace_remark(trace, "broken off after lines=%llu: stopped", lines);
    else
        trace_remark(trace, "broken off after lines=%llu: %s", lines, why);
    return trace_close(trace, error);
}

/* --- a traced unit of a run --- */

static bool can_trace(const struct run *run, const struct unit_result *unit)
{
    for (size_t i = 0; i < run->design.count; i++)
        if (run->design.units[i] == unit && !design_is_mine(&run->design, i)) {
            complain(EXIT_USAGE, "%s is not of this shard: trace it where it runs",
                     run_unit_name(run, unit).text);
            return false;
        }
    if (!unit->done)
        return true;
    complain(EXIT_USAGE,
             "%s is done already; 'cashpoint replay %s --unit %s --trace FILE' traces it",
             run_unit_name(run, unit).text, run->directory, run_unit_name(run, unit).text);
    return false;
}

bool run_trace_plan(const struct run *run, const struct trace_wish *wish, const char *unit,
                    struct trace_plan *plan)
{
    *plan = (struct trace_plan){.file = wish->file, .unit = run->design.units[0]};
    if (plan->file == NULL && unit != NULL) {
        complain(EXIT_USAGE, "--trace-unit: --trace FILE is missing");
        return false;
    }
    if (plan->file == NULL)
        return run_trace_filter(run, wish, plan->unit, &plan->filter);
    if (strcmp(plan->file, "-") == 0) {
        complain(EXIT_USAGE, "--trace takes a file here: standard output is for the results "
                             "('cashpoint replay' can write a trace there)");
        return false;
    }
    plan->unit = run_find_unit(run, "--trace-unit", unit);
    return plan->unit != NULL && run_trace_filter(run, wish, plan->unit, &plan->filter) &&
           can_trace(run, plan->unit);
}

enum exit_code run_traced_unit(struct run *run, struct trace_plan *plan)
{
    struct trace trace;
    struct error error, failure = {{0}};
    struct unit_name name = run_unit_name(run, plan->unit);
    if (!run_trace_open(run, &trace, plan->file, &plan->filter, plan->unit, &error))
        return complain(EXIT_FAILED,
                        "--trace: %s; to run without a trace: cashpoint run --resume %s",
                        error.text, run->directory);
    run->trace = &trace;
    enum unit_end end = run_unit_here(run, plan->unit, &failure);
    run->trace = NULL;
    plan->failed = !run_trace_close(&trace, end, plan->unit, failure.text, &error);
    if (plan->failed)
        complain(EXIT_FAILED,
                 "%s; the run goes on, and 'cashpoint replay %s --unit %s --trace FILE' makes the "
                 "trace again",
                 error.text, run->directory, name.text);
    return run_keep_unit(run, end, plan->unit, &failure);
}
