#include "symbology/laser.h"

#include "symbology/book.h"
#include "symbology/code128.h"
#include "symbology/grade_line.h"
#include "symbology/itf.h"
#include "symbology/line128.h"
#include "symbology/locate.h"
#include "symbology/profile.h"
#include "symbology/readings.h"
#include "symbology/scan.h"
#include "symbology/soft.h"
#include "symbology/strips.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * The cascade: the cheapest step that reads a region ends it, and a frame without a region ends
 * before the first.
 */
enum { STEP_LINES, STEP_SOFT, STEP_WHOLE };

/* Lines across a region: their places and thickness, parts of its height. */
struct lines {
    unsigned count;
    float thickness, most_thickness; /* the latter in pixels */
    float places[5];
};

/* Spread over the height, so that none of two symbols one above the other is missed; thin, so that
 * bars may lean a little. */
static const struct lines thin_lines = {5, 0.1f, 10, {0, -0.36f, 0.36f, -0.18f, 0.18f}};
/* For noise, of which they have half. */
static const struct lines thick_lines = {3, 0.26f, PROFILE_MAX_LINES, {0, -0.27f, 0.27f}};
/* Where a thick line has fewer edges there are no bars: the shortest symbol of two words, one of
 * them the check, has 27, of which blur may hide half. */
enum { MIN_EDGES = 12 };
/* Regions that are read harder, of those found in the frame and in the frame shrunk. */
enum { MAX_SOFT = 1 };
/* The whole frame is read by this many lines. */
enum { WHOLE_LINES = 24 };

static const double COST_LINE_NS = 3000, COST_LINE_PIXEL_NS = 1, COST_WHOLE_PIXEL_NS = 16,
                    COST_HALVE_PIXEL_NS = 0.3;

struct laser {
    struct locator *locator;
    struct soft *soft;
    struct grey whole;
    struct profile profile;
    struct edges edges;
    struct readings readings; /* of this presentation */
};

struct laser *laser_new(void)
{
    struct laser *laser = calloc(1, sizeof *laser);
    CHECK(laser != NULL);
    laser->locator = locator_new();
    laser->soft = soft_new();
    return laser;
}

void laser_free(struct laser *laser)
{
    if (laser == NULL)
        return;
    locator_free(laser->locator);
    soft_free(laser->soft);
    grey_fini(&laser->whole);
    free(laser);
}

void laser_forget(struct laser *laser)
{
    laser->readings.count = 0;
    soft_forget(laser->soft);
}

/* ---- lines ---- */

/* What this reader reads. */
static const struct kind {
    const struct book *book;
    bool (*read_line)(const struct edges *edges, struct line_read *line);
} kinds[] = {{&book_code128, line128_read}, {&book_itf, itf_read_line}};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static bool wanted(const struct kind *kind, const struct decode_rules *rules)
{
    return rules->symbologies >> kind->book->symbology & 1;
}

/* Without a check, a line that leaves the symbol early may read a shorter one. */
static bool is_part(const struct book *book, const struct line_read *line,
                    const struct decode_rules *rules)
{
    if (rules->length == 0)
        return line->count < book->least_words;
    return book->check_words == 0 && 2 * line->count != rules->length;
}

/* The line's own: as high as it is thick. */
static void place_corners(const struct region *region, const struct profile *profile,
                          unsigned thickness, const struct line_read *line, struct reading *reading)
{
    const float ends[] = {line->first, line->last};
    float sign = line->backward ? -1 : 1;
    for (int i = 0; i < 4; i++) {
        float at = ends[i == 1 || i == 2];
        float v = sign * 0.5f * (float)thickness * (i < 2 ? -1 : 1);
        reading->corners[i].x = profile->x + at * profile->dx - v * region->uy;
        reading->corners[i].y = profile->y + at * profile->dy + v * region->ux;
    }
}

static void collect_line(struct laser *laser, const struct book *book, const struct region *region,
                         unsigned thickness, const struct line_read *line, float range)
{
    struct reading reading = {.symbology = book->symbology, .step = STEP_LINES};
    const struct profile *profile = &laser->profile;
    unsigned start = book == &book_itf ? CODE128_START_C : line->start; /* pairs of digits */
    reading.length = code128_text(start, line->words, line->count - book->check_words, reading.text,
                                  PAYLOAD_MAX_BYTES, &reading.digits);
    float step = hypotf(profile->dx, profile->dy);
    float modules = (float)book_modules(book, line->count);
    reading.margin = (struct decode_margin){
        .lines = 1,
        .off_modules = line->off,
        .module_px = fabsf(line->last - line->first) * step / modules,
        .contrast = range / 255,
    };
    place_corners(region, profile, thickness, line, &reading);
    if (readings_find(&laser->readings, &reading) == NULL)
        grade_line(profile->values, profile->count, &laser->edges, fminf(line->first, line->last),
                   fmaxf(line->first, line->last), line->off, &reading.grade);
    readings_collect(&laser->readings, &reading);
}

static bool read_edges(struct laser *laser, const struct region *region, unsigned thickness,
                       float range, const struct decode_rules *rules)
{
    struct profile *profile = &laser->profile;
    edges_find(profile->values, profile->count, fmaxf(range / 8, 3), &laser->edges);
    bool read = false;
    for (int i = 0; i < KINDS; i++) {
        struct line_read line;
        if (!wanted(&kinds[i], rules) || !kinds[i].read_line(&laser->edges, &line) ||
            (rules->max_off_modules > 0 && line.off > rules->max_off_modules) ||
            is_part(kinds[i].book, &line, rules))
            continue;
        collect_line(laser, kinds[i].book, region, thickness, &line, range);
        read = true;
    }
    return read;
}

static void negate(struct profile *profile)
{
    for (unsigned i = 0; i < profile->count; i++)
        profile->values[i] = 255 - profile->values[i];
}

/* A bank's display shows dark bars; other people's may be light on dark. */
static bool read_line(struct laser *laser, const struct frame *frame, const struct region *region,
                      float offset, unsigned thickness, const struct decode_rules *rules)
{
    struct profile *profile = &laser->profile;
    profile_take(frame, region, offset, thickness, profile);
    float range = edges_range(profile->values, profile->count);
    if (read_edges(laser, region, thickness, range, rules))
        return true;
    if (!rules->any_characters)
        return false;
    negate(profile);
    return read_edges(laser, region, thickness, range, rules);
}

/* Whether the middle of a line does: beyond the frame's edge there is only the edge once more. */
static bool lies_in(const struct frame *frame, const struct region *region, float offset)
{
    float x = region->x - offset * region->uy, y = region->y + offset * region->ux;
    return x >= 0 && y >= 0 && x < (float)frame->width && y < (float)frame->height;
}

/* Tells how many edges the line with most of them has. */
static unsigned read_lines(struct laser *laser, const struct frame *frame,
                           const struct region *region, const struct lines *lines,
                           const struct decode_rules *rules, struct budget *budget)
{
    float thick = fminf(lines->thickness * region->height, lines->most_thickness);
    unsigned thickness = thick > 1 ? (unsigned)thick : 1, read = 0, most = 0;
    for (unsigned i = 0; i < lines->count; i++) {
        float offset = lines->places[i] * region->height;
        if (!lies_in(frame, region, offset))
            continue;
        if (!budget_spend(budget, COST_LINE_NS + COST_LINE_PIXEL_NS * region->length * thickness))
            return most;
        read += read_line(laser, frame, region, offset, thickness, rules);
        most = laser->edges.count > most ? laser->edges.count : most;
        if (rules->several && read >= rules->min_lines)
            return most;
    }
    return most;
}

/* ---- soft reading ---- */

static void write_digits(const struct soft_read *read, unsigned check_words,
                         struct reading *reading)
{
    for (unsigned i = 0; i + check_words < read->count; i++) {
        reading->text[reading->length++] = (char)('0' + read->words[i] / 10);
        reading->text[reading->length++] = (char)('0' + read->words[i] % 10);
    }
    reading->digits = true;
}

static void read_softly(struct laser *laser, const struct frame *frame, const struct region *region,
                        const struct book *book, const struct decode_rules *rules,
                        struct budget *budget)
{
    struct soft_read read = {0};
    unsigned words = rules->length > 0 ? book_words(book, rules->length) : 0;
    if (rules->length % 2 != 0 ||
        !soft_read(laser->soft, frame, region, book, words, budget, &read))
        return;
    if (read.lead < rules->min_lead || (rules->max_misfit > 0 && read.misfit > rules->max_misfit))
        return;
    struct reading reading = {.symbology = book->symbology, .step = STEP_SOFT};
    write_digits(&read, book->check_words, &reading);
    reading.margin = (struct decode_margin){
        .lines = read.strips,
        .lead = read.lead,
        .misfit = read.misfit,
        .module_px = read.module_px,
        .contrast = read.depth / 255,
    };
    reading.grade = read.grade;
    memcpy(reading.corners, read.corners, sizeof reading.corners);
    readings_collect(&laser->readings, &reading);
}

/* ---- the whole frame, by ZBar ---- */

static void collect_found(const struct scan_found *found, struct readings *readings)
{
    struct reading reading = {
        .symbology = SYMBOLOGY_CODE128, .step = STEP_WHOLE, .length = found->length};
    reading.digits = found->digits;
    memcpy(reading.text, found->text, sizeof found->text);
    reading.grade = found->grade;
    reading.margin = (struct decode_margin){
        .lines = found->lines,
        .off_modules = found->off,
        .module_px = found->module_px,
        .contrast = found->contrast,
    };
    const float xs[] = {found->left, found->right, found->right, found->left};
    const float ys[] = {found->top, found->top, found->bottom, found->bottom};
    for (int i = 0; i < 4; i++)
        reading.corners[i] = (struct place){xs[i], ys[i]};
    readings_collect(readings, &reading);
}

static void read_whole(struct laser *laser, const struct frame *frame,
                       const struct decode_rules *rules, struct budget *budget)
{
    if (!wanted(&kinds[0], rules))
        return;
    unsigned every = frame->height / WHOLE_LINES > 0 ? frame->height / WHOLE_LINES : 1;
    if (!budget_spend(budget, COST_WHOLE_PIXEL_NS * frame->width * frame->height / every))
        return;
    strips_shrink(frame, 1, &laser->whole);
    readings_next_look(&laser->readings);
    struct scan_result result;
    scan_image(laser->whole.pixels, frame->width, frame->height, every, true,
               rules->max_off_modules, &result);
    for (unsigned i = 0; i < result.count; i++)
        collect_found(&result.found[i], &laser->readings);
}

/* ---- regions ---- */

/* What only a thick line or all pixels of a region tell. */
static bool read_harder(struct laser *laser, const struct frame *frame, const struct region *region,
                        const struct decode_rules *rules, struct budget *budget, bool *located,
                        struct decoded *decoded)
{
    readings_next_look(&laser->readings);
    bool bars = read_lines(laser, frame, region, &thick_lines, rules, budget) >= MIN_EDGES;
    *located = *located || bars;
    if (readings_settle(&laser->readings, rules, decoded))
        return true;
    readings_next_look(&laser->readings);
    for (int i = 0; bars && i < KINDS; i++)
        if (wanted(&kinds[i], rules))
            read_softly(laser, frame, region, kinds[i].book, rules, budget);
    return readings_settle(&laser->readings, rules, decoded);
}

/* Reads regions line by line, all of them: another string may stand in any. */
static bool read_quickly(struct laser *laser, const struct frame *frame,
                         const struct region *regions, unsigned count,
                         const struct decode_rules *rules, struct budget *budget,
                         struct decoded *decoded)
{
    readings_next_look(&laser->readings);
    for (unsigned i = 0; i < count; i++) {
        read_lines(laser, frame, &regions[i], &thin_lines, rules, budget);
        if (rules->several && readings_settle(&laser->readings, rules, decoded))
            return true;
    }
    return readings_settle(&laser->readings, rules, decoded);
}

static bool read_regions(struct laser *laser, const struct frame *frame,
                         const struct region *regions, unsigned count,
                         const struct decode_rules *rules, struct budget *budget, bool *located,
                         struct decoded *decoded)
{
    if (read_quickly(laser, frame, regions, count, rules, budget, decoded))
        return true;
    for (unsigned i = 0; i < count && i < MAX_SOFT; i++)
        if (read_harder(laser, frame, &regions[i], rules, budget, located, decoded))
            return true;
    return false;
}

static bool about(float a, float b)
{
    return a > 0.85f * b && a < 1.18f * b;
}

/* Whether `region` is about the same as one of the others; its height counts only if `low`. */
static bool known(const struct region *region, bool low, const struct region *others,
                  unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        float dx = others[i].x - region->x, dy = others[i].y - region->y;
        if (dx * dx + dy * dy < 0.01f * region->length * region->length &&
            about(others[i].length, region->length) &&
            (!low || others[i].height < 1.5f * region->height))
            return true;
    }
    return false;
}

/* Regions of the last frame cut free of what is around them; without those that were free. */
static unsigned locate_strongly(struct laser *laser, const struct region *others,
                                unsigned other_count, struct budget *budget,
                                struct region regions[LOCATE_MAX_REGIONS])
{
    unsigned found = locate_strong(laser->locator, budget, regions), count = 0;
    for (unsigned i = 0; i < found; i++)
        if (!known(&regions[i], true, others, other_count))
            regions[count++] = regions[i];
    return count;
}

/* Regions of the frame at half its size, where noise is less and blurred edges are steeper; without
 * those known already. */
static unsigned locate_coarsely(struct laser *laser, const struct frame *frame,
                                struct budget *budget, const struct region *others,
                                unsigned other_count, struct region regions[LOCATE_MAX_REGIONS])
{
    if (!budget_spend(budget, COST_HALVE_PIXEL_NS * frame->width * frame->height))
        return 0;
    strips_shrink(frame, 2, &laser->whole);
    struct frame half = {laser->whole.width, laser->whole.height, laser->whole.width,
                         laser->whole.pixels};
    unsigned found = locate(laser->locator, &half, budget, regions), count = 0;
    for (unsigned i = 0; i < found; i++) {
        struct region region = regions[i];
        region.x *= 2;
        region.y *= 2;
        region.length *= 2;
        region.height *= 2;
        if (!known(&region, false, others, other_count))
            regions[count++] = region;
    }
    return count;
}

void laser_read(struct laser *laser, const struct frame *frame, const struct decode_rules *rules,
                struct budget *budget, struct decoded *decoded)
{
    struct region fine[LOCATE_MAX_REGIONS], coarse[LOCATE_MAX_REGIONS];
    bool located = false;
    soft_next_frame(laser->soft);
    readings_next_frame(&laser->readings);
    unsigned count = locate(laser->locator, frame, budget, fine);
    if (read_regions(laser, frame, fine, count, rules, budget, &located, decoded))
        return;
    struct region strong[LOCATE_MAX_REGIONS];
    unsigned strong_count = locate_strongly(laser, fine, count, budget, strong);
    if (read_regions(laser, frame, strong, strong_count, rules, budget, &located, decoded))
        return;
    count = locate_coarsely(laser, frame, budget, fine, count, coarse);
    if (read_regions(laser, frame, coarse, count, rules, budget, &located, decoded))
        return;
    if (located) {
        decoded->status = DECODE_UNREADABLE;
        read_whole(laser, frame, rules, budget);
        if (readings_settle(&laser->readings, rules, decoded))
            return;
    }
    if (budget->over)
        decoded->status = DECODE_OVER_BUDGET;
}
