/* The frames that the run kept, as pictures inside the page. */
#include "output/html.h"
#include "output/page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FRAME_BYTES = 4 << 20, GALLERY_BYTES = 64 << 20 };

static const unsigned char png_signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

static void put_fact(struct text *page, const char *name, double value, const char *unit)
{
    if (!isnan(value))
        html_format(page, ", %s %.3g %s", name, value, unit);
}

static void put_caption(struct text *page, const struct gallery_row *row)
{
    html_put(page, "<figcaption><b>");
    html_text(page, row->outcome);
    html_put(page, "</b> ");
    html_format(page, "%s, %s", row->who, row->scheme);
    if (row->distance_mm < 1000.0)
        put_fact(page, "distance", row->distance_mm, "mm");
    else
        put_fact(page, "distance", row->distance_mm / 1000.0, "m");
    put_fact(page, "module", row->module_px, "px");
    put_fact(page, "defocus", row->defocus_px, "px");
    put_fact(page, "motion", row->motion_px, "px");
    put_fact(page, "tilt", row->tilt_deg, "\xC2\xB0");
    if (row->note[0])
        html_format(page, ". %s", row->note);
    html_put(page, " <span class=\"small\">");
    html_format(page, "capture %s, replication %.0f", row->capture, row->replication);
    html_put(page, "</span></figcaption>");
}

static bool put_frame(struct text *page, const struct gallery_row *row, size_t index,
                      const struct folder *gallery, size_t *left, struct error *error)
{
    struct file_bytes bytes;
    if (!folder_read(gallery, row->picture, FRAME_BYTES, &bytes, error))
        return false;
    bool good = true;
    if (bytes.length < sizeof png_signature ||
        memcmp(bytes.data, png_signature, sizeof png_signature) != 0)
        good = error_set(error,
                         "gallery.csv:%zu: %s/%s is no PNG picture; restore it or take its "
                         "line out",
                         index + 2, gallery->path, row->picture);
    else if (bytes.length > *left)
        good = error_set(error, "gallery.csv:%zu: more than %d MiB of pictures; take lines out",
                         index + 2, GALLERY_BYTES >> 20);
    if (good) {
        *left -= bytes.length;
        html_put(page, "<figure><img alt=\"captured frame: ");
        html_text(page, row->outcome);
        html_put(page, "\" src=\"data:image/png;base64,");
        text_base64(page, bytes.data, bytes.length);
        html_put(page, "\">");
        put_caption(page, row);
        html_put(page, "</figure>\n");
    }
    free(bytes.data);
    return good;
}

enum group { ACCEPTED, REFUSED, THIEF, ACCOMPLICE, GROUPS };

static enum group group_of(const struct gallery_row *row)
{
    if (strcmp(row->who, "thief") == 0)
        return THIEF;
    if (strcmp(row->who, "accomplice") == 0)
        return ACCOMPLICE;
    return strcmp(row->outcome, "accepted") == 0 ? ACCEPTED : REFUSED;
}

static bool put_group(struct text *page, const struct report_data *data, enum group group,
                      const struct folder *gallery, size_t *left, struct error *error)
{
    static const char *const titles[] = {"Customers: read", "Customers: not read",
                                         "Photographs of a thief",
                                         "Shown to another ATM by an accomplice"};
    bool open = false;
    for (size_t i = 0; i < data->gallery_rows; i++) {
        if (group_of(&data->gallery[i]) != group)
            continue;
        if (!open)
            text_format(page, "<h3>%s</h3>\n<div class=\"gallery\">\n", titles[group]);
        open = true;
        if (!put_frame(page, &data->gallery[i], i, gallery, left, error))
            return false;
    }
    if (open)
        html_put(page, "</div>\n");
    return true;
}

bool page_gallery(struct text *page, const struct report_data *data, const struct folder *run,
                  struct error *error)
{
    if (data->gallery_rows == 0) {
        html_put(page, "<p class=\"none\">No frames were kept in this run.</p>\n");
        return true;
    }
    struct folder gallery;
    if (!folder_enter(&gallery, run, "gallery", false, error))
        return false;
    html_put(
        page,
        "<p class=\"how\">The first frames of each kind in the first replication, byte for byte "
        "as the decoder got them; the files stand in <code>gallery/</code>.</p>\n");
    size_t left = GALLERY_BYTES;
    bool good = true;
    for (enum group group = 0; group < GROUPS && good; group++)
        good = put_group(page, data, group, &gallery, &left, error);
    folder_close(&gallery);
    return good;
}
