/*
 * The camera: what a sensor records of a code image on a display, in physical units.
 *
 * A capture is a pure function of (code image, conditions, stream key): the same three give the same
 * bytes on any thread, at any time, in any order. That is what lets worker threads photograph while
 * the event loop runs on, and lets one capture out of a million be made again from its record.
 *
 * The chain: display pixels in metres -> pinhole perspective (distance, offset, yaw, pitch, roll)
 * -> area sampling on the pixel grid -> defocus disc -> motion line -> exposure -> shot and read
 * noise, PRNU -> 8-bit quantisation.
 *
 * Formulas
 *     defocus disc   f^2 / N * |1/s - 1/s_f|, over the pixel pitch        (thin lens)
 *     motion line    v t f / (Z pitch)
 *     noise          variance = K^2 sd_read^2 + 1/12 + K (mean - dark)    (EMVA 1288 R3.1)
 */
#ifndef CASHPOINT_CAMERA_H
#define CASHPOINT_CAMERA_H

#include "engine/random.h"
#include "optics/frame.h"
#include "symbology/code_image.h"

struct display {
    double pitch_m;  /* from dot to dot */
    double contrast; /* bright / dark luminance, > 1 */
};

struct camera {
    unsigned width, height; /* pixels */
    double pitch_m;         /* of the sensor's pixels */
    double focal_length_m;
    double f_number;
    double focus_m;      /* distance in focus */
    double exposure_s;
    double full_well_e;  /* electrons at saturation, = 255 DN */
    double read_noise_e; /* rms */
    double prnu;         /* rms gain difference of the pixels, a ratio; a fixed map a camera */
    double level;        /* mean level of the bright display, a ratio of saturation (auto-exposure) */
};

/* Of the display's centre, seen from the camera; angles in radians. */
struct pose {
    double distance_m;
    double offset_x_m, offset_y_m; /* across the optical axis */
    double yaw, pitch, roll;       /* about the vertical, the horizontal, the optical axis */
    double speed_m_s;              /* of the hand, across the optical axis */
    double direction;              /* of that motion, radians from the sensor's x axis */
};

struct conditions {
    struct display display;
    struct camera camera;
    struct pose pose;
    uint32_t camera_id; /* whose PRNU map */
};

/* What the conditions imply, for records and plots. */
struct capture_geometry {
    double module_px;  /* camera pixels a module (narrowest bar), at the display's centre */
    double defocus_px; /* diameter of the defocus disc */
    double motion_px;  /* length of the motion line */
};

struct capture_geometry camera_geometry(const struct code_image *image,
                                        const struct conditions *conditions);

/* Scratch memory of one thread, sized for frames of up to width x height. */
struct camera_scratch;
struct camera_scratch *camera_scratch_new(unsigned width, unsigned height);
void camera_scratch_free(struct camera_scratch *scratch);

/* The two halves, so that each can be timed: camera_render makes the ideal irradiance in the
 * scratch; camera_expose blurs it, adds noise and quantises into `frame` (whose size must be the
 * camera's). */
void camera_render(const struct code_image *image, const struct conditions *conditions,
                   struct camera_scratch *scratch);
void camera_expose(const struct conditions *conditions, struct stream_key key,
                   struct camera_scratch *scratch, struct frame *frame);

/* Both. */
void camera_capture(const struct code_image *image, const struct conditions *conditions,
                    struct stream_key key, struct camera_scratch *scratch, struct frame *frame);

/* Where the display point (x, y), in display pixels from its top left corner, falls on the sensor,
 * in pixels (pixel centres at .5). */
void camera_project(const struct code_image *image, const struct conditions *conditions, double x,
                    double y, double *u, double *v);

#endif
