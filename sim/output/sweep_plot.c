#include "output/sweep_plot.h"

#include "output/figure.h"
#include "output/plot_draw.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define RARE (1.0 / 3.0) /* the largest share that is called so */
#define LOG_SPAN 4.0
#define DECADES 50.0 /* times the smallest above 0, from which on they are decades */

enum { LINES = 8, LABEL_BYTES = 120, VALUE_BYTES = 28, TIC_BYTES = 32, PLOT_PX = 330, TICS = 12 };
enum { KEY_ROW_PX = 20, KEY_COLUMN = 36, AXIS_CHARACTERS = 84 /* that fit below the x axis */ };

/* A line: one scheme at one combination of the levels of all factors but the x axis's. */
struct line {
    size_t scheme, first; /* a point of that combination */
    char label[LABEL_BYTES];
};

struct picture {
    const struct sweep_data *data;
    const struct sweep_axis *x;
    size_t metric, count, left_out; /* lines drawn, and those beyond them */
    struct line lines[LINES];
    struct figure_scale scale;
    bool labelled; /* categories on the x axis */
    bool decades;  /* a logarithmic y axis */
    double least;  /* then: where it begins */
};

/* The key that is the x axis: a numeric one, of the most levels, and not the one whose need is
 * shown, where there is another. Never null. */
static const struct sweep_axis *find_axis(const struct sweep_data *data, size_t of_factor)
{
    const struct sweep_axis *best = &data->axes[0];
    for (size_t i = 1; i < data->axis_count; i++) {
        const struct sweep_axis *axis = &data->axes[i];
        if (axis->factor == of_factor)
            continue;
        if (best->factor == of_factor)
            best = axis;
        bool better = axis->levels > 1 && axis->numeric > best->numeric;
        if (better || (axis->numeric == best->numeric && axis->levels > best->levels))
            best = axis;
    }
    return best;
}

/* Do two points differ in nothing but the x axis's factor? */
static bool on_one_line(const struct picture *picture, size_t a, size_t b)
{
    for (size_t i = 0; i < picture->data->axis_count; i++) {
        const struct sweep_axis *axis = &picture->data->axes[i];
        if (axis->factor != picture->x->factor && axis->level[a] != axis->level[b])
            return false;
    }
    return true;
}

static size_t count_schemes(const struct picture *picture)
{
    size_t count = 0;
    for (size_t s = 0; s < picture->data->scheme_count; s++)
        count += sweep_data_has(picture->data, s, picture->metric);
    return count;
}

/* "image-code, pitch 0.3 mm": what tells the line from the others. */
static void write_label(const struct picture *picture, struct line *line)
{
    size_t at = 0, factor = 0;
    size_t of_factor = picture->data->metrics[picture->metric].of_factor;
    if (count_schemes(picture) > 1)
        at = (size_t)snprintf(line->label, sizeof line->label, "%.24s",
                              picture->data->schemes[line->scheme]);
    for (size_t i = 0; i < picture->data->axis_count; i++) {
        const struct sweep_axis *axis = &picture->data->axes[i];
        if (axis->factor == picture->x->factor || axis->factor == factor ||
            axis->factor == of_factor || at >= LABEL_BYTES)
            continue; /* of zipped keys the first speaks for all */
        factor = axis->factor;
        const char *value = axis->text[line->first];
        at += (size_t)snprintf(line->label + at, LABEL_BYTES - at, "%s%.24s %.*s%s",
                               at > 0 ? ", " : "", axis->name, VALUE_BYTES, value,
                               strlen(value) > VALUE_BYTES ? "..." : "");
    }
    if (at == 0)
        snprintf(line->label, sizeof line->label, "%.24s", picture->data->schemes[line->scheme]);
}

static bool has_line(const struct picture *picture, size_t scheme, size_t point)
{
    for (size_t i = 0; i < picture->count; i++)
        if (picture->lines[i].scheme == scheme &&
            on_one_line(picture, picture->lines[i].first, point))
            return true;
    return false;
}

/* Is `point` the first of its line that has a value? */
static bool opens_line(const struct picture *picture, size_t scheme, size_t point)
{
    for (size_t i = 0; i < point; i++)
        if (on_one_line(picture, i, point) &&
            sweep_data_cell(picture->data, i, scheme, picture->metric) != NULL)
            return false;
    return true;
}

static void find_lines(struct picture *picture)
{
    const struct sweep_data *data = picture->data;
    for (size_t scheme = 0; scheme < data->scheme_count; scheme++)
        for (size_t point = 0; point < data->points; point++) {
            if (sweep_data_cell(data, point, scheme, picture->metric) == NULL ||
                has_line(picture, scheme, point) || !opens_line(picture, scheme, point))
                continue;
            if (picture->count == LINES) {
                picture->left_out++;
                continue;
            }
            struct line *line = &picture->lines[picture->count++];
            *line = (struct line){.scheme = scheme, .first = point};
            write_label(picture, line);
        }
}

static void find_scale(struct picture *picture)
{
    const struct sweep_metric *metric = &picture->data->metrics[picture->metric];
    double largest = 0.0;
    for (size_t point = 0; point < picture->data->points; point++)
        for (size_t s = 0; s < picture->data->scheme_count; s++) {
            const struct summary_row *row =
                sweep_data_cell(picture->data, point, s, picture->metric);
            largest = row != NULL ? fmax(largest, row->mean) : largest;
        }
    picture->scale = figure_scale(metric->unit, metric->kind, largest);
}

/* Shares of something rare that differ by decades are told apart on a logarithmic axis alone. None
 * has no place there; it is drawn at the upper end of its interval, as another mark. */
static void find_decades(struct picture *picture)
{
    const struct sweep_data *data = picture->data;
    double least = INFINITY, largest = 0.0, floor_at = INFINITY;
    for (size_t point = 0; point < data->points; point++)
        for (size_t s = 0; s < data->scheme_count; s++) {
            const struct summary_row *row = sweep_data_cell(data, point, s, picture->metric);
            if (row == NULL)
                continue;
            largest = fmax(largest, row->mean);
            least = row->mean > 0.0 ? fmin(least, row->mean) : least;
            floor_at = fmin(floor_at, row->mean > 0.0 ? row->mean : row->ci_hi);
        }
    bool share = strcmp(data->metrics[picture->metric].kind, "ratio") == 0;
    picture->decades = share && largest < RARE && largest > DECADES * least && floor_at > 0.0;
    picture->least = 0.5 * floor_at;
}

static double x_of(const struct picture *picture, size_t point)
{
    return picture->labelled ? (double)picture->x->level[point] + 1.0 : picture->x->number[point];
}

static bool is_need(const struct picture *picture)
{
    return picture->data->metrics[picture->metric].of_factor > 0;
}

/* Of the key whose need is shown. */
static double largest_tried(const struct picture *picture)
{
    const struct sweep_data *data = picture->data;
    double largest = -INFINITY;
    for (size_t i = 0; i < data->axis_count; i++)
        for (size_t point = 0; point < data->points; point++)
            if (data->axes[i].factor == data->metrics[picture->metric].of_factor)
                largest = fmax(largest, data->axes[i].number[point]);
    return largest;
}

/* What the y axis counts: the metric, or the key whose need is shown. */
static const char *y_name(const struct picture *picture)
{
    const struct sweep_metric *metric = &picture->data->metrics[picture->metric];
    for (size_t i = 0; i < picture->data->axis_count; i++)
        if (is_need(picture) && picture->data->axes[i].factor == metric->of_factor)
            return picture->data->axes[i].name;
    return metric->name;
}

static void put_y_label(struct text *script, const struct picture *picture)
{
    char label[LABEL_BYTES];
    const char *unit = picture->scale.unit;
    (void)snprintf(label, sizeof label, "%.48s%s%.48s", y_name(picture),
                   unit[0] == '\0'                 ? ""
                   : strncmp(unit, "per ", 4) == 0 ? " "
                                                   : ", ",
                   unit);
    text_put(script, "set ylabel ");
    plot_quote(script, label);
    text_format(script, " offset %d, 0\n", picture->decades ? 2 : 1); /* decades are wider */
}

/* The most replications that any mark was made of. */
static double most_replications(const struct picture *picture)
{
    double most = 0.0;
    for (size_t point = 0; point < picture->data->points; point++)
        for (size_t s = 0; s < picture->data->scheme_count; s++) {
            const struct summary_row *row =
                sweep_data_cell(picture->data, point, s, picture->metric);
            most = row != NULL ? fmax(most, row->n) : most;
        }
    return most;
}

static void put_row(struct text *csv, const struct picture *picture, size_t line, size_t point)
{
    const struct summary_row *row =
        sweep_data_cell(picture->data, point, picture->lines[line].scheme, picture->metric);
    if (row == NULL)
        return;
    double low = isnan(row->ci_lo) ? row->mean : row->ci_lo;
    double high = isnan(row->ci_hi) ? row->mean : row->ci_hi;
    if (is_need(picture) && isnan(row->ci_hi))
        high = largest_tried(picture);
    text_format(csv, "%zu,%zu,%s,%.10g,%.10g,%.10g,%.10g\n", line + 1, point + 1, row->scheme,
                x_of(picture, point), row->mean, low, high);
}

/* Two levels of the same number, as zipped keys may have, would hide each other. */
static bool has_ties(const struct picture *picture)
{
    const struct sweep_axis *x = picture->x;
    for (size_t i = 0; i < picture->data->points; i++)
        for (size_t j = 0; j < i; j++)
            if (x->number[i] == x->number[j] && x->level[i] != x->level[j])
                return true;
    return false;
}

/* The points of a line in the order of x. */
static void put_line(struct text *csv, const struct picture *picture, size_t line)
{
    double last = -INFINITY;
    for (;;) {
        double next = INFINITY;
        size_t which = 0;
        for (size_t point = 0; point < picture->data->points; point++) {
            double x = x_of(picture, point);
            if (on_one_line(picture, picture->lines[line].first, point) && x > last && x < next) {
                next = x;
                which = point;
            }
        }
        if (isinf(next))
            return;
        put_row(csv, picture, line, which);
        last = next;
    }
}

/* The number of the x axis at one of its levels. */
static double level_number(const struct picture *picture, size_t level)
{
    for (size_t point = 0; point < picture->data->points; point++)
        if (picture->x->level[point] == level)
            return picture->x->number[point];
    return NAN;
}

/* The widest gap between neighbours, of the whole: values, or their logarithms. */
static double widest_gap(const struct picture *picture, bool logarithms)
{
    double low = INFINITY, high = -INFINITY, widest = 0.0;
    const double *number = picture->x->number;
    for (size_t i = 0; i < picture->data->points; i++) {
        double here = number[i], next = INFINITY;
        for (size_t j = 0; j < picture->data->points; j++)
            next = number[j] > here ? fmin(next, number[j]) : next;
        here = logarithms ? log(here) : here;
        next = logarithms ? log(next) : next;
        widest = isfinite(next) ? fmax(widest, next - here) : widest;
        low = fmin(low, here);
        high = fmax(high, here);
    }
    return widest / (high - low);
}

/* Values above 0 of which the largest is some times the smallest, and which stand more evenly in
 * their logarithms than by themselves. */
static bool is_logarithmic(const struct picture *picture)
{
    double low = INFINITY, high = -INFINITY;
    if (picture->labelled)
        return false;
    for (size_t i = 0; i < picture->x->levels; i++) {
        low = fmin(low, level_number(picture, i));
        high = fmax(high, level_number(picture, i));
    }
    return low > 0.0 && high > LOG_SPAN * low && picture->x->levels > 2 &&
           widest_gap(picture, true) < widest_gap(picture, false);
}

/* A logarithmic axis shows the values that were taken, as far as there is room. */
static void put_x_tics(struct text *script, const struct picture *picture)
{
    double low = INFINITY, high = 0.0;
    for (size_t i = 0; i < picture->x->levels; i++) {
        low = fmin(low, level_number(picture, i));
        high = fmax(high, level_number(picture, i));
    }
    double margin = pow(high / low, 0.03);
    text_format(script, "set logscale x\nset xrange [%.10g:%.10g]\n", low / margin, high * margin);
    if (picture->x->levels > TICS)
        return;
    text_put(script, "set xtics (");
    for (size_t i = 0; i < picture->x->levels; i++)
        text_format(script, "%s'%.6g' %.10g", i > 0 ? ", " : "", level_number(picture, i),
                    level_number(picture, i));
    text_put(script, ")\n");
}

/* A little room beside both ends, so that bars there are seen whole; gnuplot's own rounding to the
 * next mark would show values that nothing can have, such as negative rates. */
static void put_x_range(struct text *script, const struct picture *picture)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < picture->x->levels; i++) {
        low = fmin(low, level_number(picture, i));
        high = fmax(high, level_number(picture, i));
    }
    double margin = 0.03 * (high - low);
    if (margin > 0.0)
        text_format(script, "set xrange [%.10g:%.10g]\n", low - margin, high + margin);
}

static void put_x_axis(struct text *script, const struct picture *picture)
{
    const struct sweep_axis *x = picture->x;
    text_format(script, "axis = '%s%s%s'\nset xlabel axis\n", x->name, x->unit[0] ? ", " : "",
                x->unit);
    if (is_logarithmic(picture))
        put_x_tics(script, picture);
    if (!picture->labelled) {
        if (!is_logarithmic(picture))
            put_x_range(script, picture);
        return;
    }
    size_t room = AXIS_CHARACTERS / x->levels;
    room = room > VALUE_BYTES ? VALUE_BYTES : room < 3 ? 3 : room;
    text_put(script, "set xtics (");
    for (size_t level = 0, put = 0; level < x->levels; level++)
        for (size_t point = 0; point < picture->data->points; point++)
            if (x->level[point] == level) {
                char label[TIC_BYTES];
                (void)snprintf(label, sizeof label, "%.*s%s", (int)room, x->text[point],
                               strlen(x->text[point]) > room ? "..." : "");
                text_put(script, put++ > 0 ? ", " : "");
                plot_quote(script, label);
                text_format(script, " %zu", level + 1);
                break;
            }
    text_format(script, ")\nset xrange [0.5:%zu.5]\n", x->levels);
}

static void put_names(struct text *script, const struct picture *picture)
{
    for (size_t i = 0; i < picture->count; i++) {
        text_format(script, "name%zu = ", i + 1);
        plot_quote(script, picture->lines[i].label);
        text_put(script, "\n");
    }
}

static const char lines_script[] =
    "set linetype 5 lc rgb '#E69F00' pt 13 ps 0.65 lw 2\n"
    "set linetype 6 lc rgb '#56B4E9' pt 4 ps 0.6 lw 2\n"
    "set linetype 7 lc rgb '#555555' pt 6 ps 0.6 lw 2\n"
    "set linetype 8 lc rgb '#8B5A2B' pt 8 ps 0.6 lw 2\n"
    "at(i, name) = column('line') == i ? factor * column(name) : NaN\n"
    "mean(i) = decades && column('mean') <= 0 ? NaN : at(i, 'mean')\n"
    "low(i) = decades && at(i, 'low') < least ? least : at(i, 'low')\n"
    "none(i) = decades && column('mean') <= 0 ? at(i, 'high') : NaN\n"
    "from(i) = low(i) + 0 * mean(i) # nothing where there is no mean\n"
    "# Not yerrorbars: the gap that these leave around the mark would hide a short one.\n"
    "plot for [i = 1:lines] data using 'x':(from(i)):(0):(at(i, 'high') - from(i)) \\\n"
    "        with vectors heads size screen 0.006, 90 lt i lw 1.2 notitle, \\\n"
    "    for [i = 1:lines] data using 'x':(none(i)) with points lt i pt 10 ps 0.8 notitle, \\\n"
    "    for [i = 1:lines] data using 'x':(mean(i)) \\\n"
    "        with linespoints lt i title value(sprintf('name%d', i))\n";

/* Two columns where the labels let them stand beside each other. */
static size_t key_columns(const struct picture *picture)
{
    size_t longest = 0;
    for (size_t i = 0; i < picture->count; i++) {
        size_t length = strlen(picture->lines[i].label);
        longest = length > longest ? length : longest;
    }
    return longest <= KEY_COLUMN ? 2 : 1;
}

/* How the marks were made, below the title. */
static void write_note(const struct picture *picture, char *note, size_t size)
{
    size_t at;
    if (is_need(picture))
        at = (size_t)snprintf(note, size,
                              "the least that does it by the mean; bars: by both ends of its 95%% "
                              "interval; no mark: more than were tried");
    else
        at = (size_t)snprintf(note, size, "mean and 95%% interval over %.0f replications",
                              most_replications(picture));
    if (picture->decades)
        at += (size_t)snprintf(note + at, size - at,
                               "; open marks: none seen, at the interval's upper end");
    if (picture->left_out > 0)
        (void)snprintf(note + at, size - at, "; %zu more lines are in summary.csv",
                       picture->left_out);
}

static void put_script(struct plot_files *files, const struct picture *picture)
{
    struct text *script = &files->script;
    size_t columns = key_columns(picture);
    size_t key_rows = (picture->count + columns - 1) / columns;
    int height = PLOT_PX + KEY_ROW_PX * (int)key_rows;
    char note[200];
    write_note(picture, note, sizeof note);
    plot_begin(files, height, picture->data->metrics[picture->metric].name, note);
    put_names(script, picture);
    text_format(script, "lines = %zu\nfactor = %.10g\n", picture->count, picture->scale.factor);
    put_x_axis(script, picture);
    put_y_label(script, picture);
    text_format(script, "decades = %d\nleast = %.10g\n", picture->decades,
                picture->least * picture->scale.factor);
    text_put(script, picture->decades ? "set logscale y\nset format y '%g'\nset yrange [least:*]\n"
                     : is_need(picture)
                         ? "set yrange [0:*]\nset offsets graph 0, 0, graph 0.05, 0\n"
                         : "set yrange [*:*]\n");
    if (is_need(picture) && largest_tried(picture) <= TICS)
        text_put(script, "set ytics 1\n"); /* most are counted */
    text_format(script, "set bmargin at screen %d.0 / height\n", 58 + KEY_ROW_PX * (int)key_rows);
    text_format(script,
                "set key at screen 0.53, screen 6.0 / height center bottom horizontal "
                "maxcols %zu samplen 2\n",
                columns);
    text_put(script, lines_script);
}

bool sweep_plot_draw(struct plot_files *files, const struct sweep_data *data, size_t metric)
{
    struct picture picture = {
        .data = data, .x = find_axis(data, data->metrics[metric].of_factor), .metric = metric};
    picture.labelled = !picture.x->numeric || has_ties(&picture);
    find_lines(&picture);
    if (picture.count == 0)
        return false;
    find_scale(&picture);
    find_decades(&picture);
    text_put(&files->csv, "line,point,scheme,x,mean,low,high\n");
    for (size_t line = 0; line < picture.count; line++)
        put_line(&files->csv, &picture, line);
    put_script(files, &picture);
    return true;
}
