#include "output/figure.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define THIN_SPACE "\xE2\x80\xAF" /* U+202F, which does not break */
#define MINUS "\xE2\x88\x92"
#define DASH "\xE2\x80\x93"

static struct figure_scale scale_of(double factor, const char *unit)
{
    struct figure_scale scale = {.factor = factor};
    (void)snprintf(scale.unit, sizeof scale.unit, "%s", unit);
    return scale;
}

static struct figure_scale scale_of_seconds(double largest)
{
    if (largest >= 7200.0)
        return scale_of(1.0 / 3600.0, "h");
    if (largest >= 600.0)
        return scale_of(1.0 / 60.0, "min");
    if (largest >= 0.1 || !(largest > 0.0))
        return scale_of(1.0, "s");
    return largest >= 1e-4 ? scale_of(1e3, "ms") : scale_of(1e6, "\xC2\xB5s");
}

/* "1/1000 withdrawals" and "CNY per 1000 withdrawals" with a comma that eases reading. */
static void write_unit(char *out, size_t size, const char *unit)
{
    bool over = strncmp(unit, "1/", 2) == 0;
    unit += over ? 2 : 0;
    const char *thousand = strstr(unit, "1000 ");
    if (thousand)
        (void)snprintf(out, size, "%s%.*s1,000%s", over ? "per " : "", (int)(thousand - unit), unit,
                       thousand + 4);
    else
        (void)snprintf(out, size, "%s%s", over ? "per " : "", unit);
}

struct figure_scale figure_scale(const char *unit, const char *kind, double largest)
{
    if (strcmp(unit, "s") == 0)
        return scale_of_seconds(largest);
    if (strcmp(unit, "1") == 0 && strcmp(kind, "ratio") == 0)
        return scale_of(100.0, "%");
    if (strcmp(unit, "1") == 0)
        return scale_of(1.0, strcmp(kind, "count") == 0 ? "a replication" : "");
    struct figure_scale scale = {.factor = 1.0};
    write_unit(scale.unit, sizeof scale.unit, unit);
    return scale;
}

static int decimals_for(double value, double half_width)
{
    double size = isfinite(half_width) && half_width > 0.0 ? half_width : fabs(value) / 100.0;
    if (!(size > 0.0))
        return 0;
    int decimals = 1 - (int)floor(log10(size) + 1e-9);
    return decimals < 0 ? 0 : decimals > 8 ? 8 : decimals;
}

/* Copies plain digits, parting the whole part in threes where it has five digits or more. */
static void part_thousands(char out[FIGURE_BYTES], const char *plain, const char *sign)
{
    size_t whole = strcspn(plain, ".");
    size_t at = (size_t)snprintf(out, FIGURE_BYTES, "%s", sign);
    for (size_t i = 0; plain[i] && at + 5 < FIGURE_BYTES; i++) {
        if (i > 0 && i < whole && whole >= 5 && (whole - i) % 3 == 0) {
            memcpy(out + at, THIN_SPACE, 3);
            at += 3;
        }
        out[at++] = plain[i];
    }
    out[at] = '\0';
}

void figure_write(char out[FIGURE_BYTES], const struct figure_scale *scale, double value,
                  double half_width, int sign)
{
    if (!isfinite(value)) {
        (void)snprintf(out, FIGURE_BYTES, DASH);
        return;
    }
    double shown = value * scale->factor;
    if (shown == 0.0) {
        (void)snprintf(out, FIGURE_BYTES, "0");
        return;
    }
    if (fabs(shown) >= 1e15) {
        (void)snprintf(out, FIGURE_BYTES, "%.4g", shown);
        return;
    }
    char plain[64];
    (void)snprintf(plain, sizeof plain, "%.*f", decimals_for(shown, half_width * scale->factor),
                   fabs(shown));
    int zero = strspn(plain, "0.") == strlen(plain);
    part_thousands(out, plain, zero ? "" : shown < 0.0 ? MINUS : sign ? "+" : "");
}

void figure_time(char out[FIGURE_BYTES], double nanoseconds)
{
    static const struct {
        double from_ns, unit_ns;
        const char *unit;
    } units[] = {{1e9, 1e9, "s"}, {1e6, 1e6, "ms"}, {1e3, 1e3, "\xC2\xB5s"}, {0.0, 1.0, "ns"}};
    size_t i = 0;
    while (i < 3 && nanoseconds < units[i].from_ns)
        i++;
    double shown = nanoseconds / units[i].unit_ns;
    if (!isfinite(shown))
        (void)snprintf(out, FIGURE_BYTES, DASH);
    else
        (void)snprintf(out, FIGURE_BYTES, "%.*f %s",
                       shown >= 100.0  ? 0
                       : shown >= 10.0 ? 1
                                       : 2,
                       shown, units[i].unit);
}

void figure_count(char out[FIGURE_BYTES], double count)
{
    struct figure_scale scale = {.factor = 1.0};
    figure_write(out, &scale, count, isfinite(count) ? 50.0 : NAN, 0);
}
