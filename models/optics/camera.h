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
 *     defocus disc   f^2 / N * |1/s - 1/s_f|, over the pixel pitch        (thin lens, without its
 *                    factor s_f / (s_f - f): 3 % small at f 3.6 mm focused on 120 mm)
 *     motion line    v t f / (Z pitch)
 *     noise          variance = K^2 sd_read^2 + 1/12 + K (mean - dark)    (EMVA 1288 R3.1)
 *
 * Axes are a picture's: x to the right, y downwards, z away from the camera. The display is turned by
 * yaw (positive: its right side nearer), then pitch (positive: its bottom farther), then roll
 * (positive: clockwise as seen). Around its dots runs a bright bezel, which is the quiet zone, and
 * around that the token's body and the hand, taken as one constant level. The level of the bright
 * display is held by auto-exposure: exposure_s lengthens the motion line and does nothing else.
 *
 * Limits: blurs are cut at CAMERA_MAX_BLUR_PX; noise has no tails beyond 4.3 sigma. A display that
 * turns its back, or lies behind the camera, leaves the surroundings alone in the frame. Lens
 * distortion, vignetting, glare and gaps between the dots are not modelled.
 */
#ifndef CASHPOINT_CAMERA_H
#define CASHPOINT_CAMERA_H

#include "engine/random.h"
#include "optics/frame.h"
#include "symbology/code_image.h"

enum {
    CAMERA_BEZEL_DOTS = 6,    /* assumption */
    CAMERA_MAX_BLUR_PX = 200, /* of the defocus disc, and of the motion line */
    CAMERA_MAX_SIDE = 8192,   /* of a frame, in pixels */
};

#define CAMERA_SURROUNDINGS 0.25 /* of the bright level; assumption */

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

/* What the conditions imply, for records and plots; all 0 if the display's centre is behind the
 * camera. The blurs are given before they are cut at CAMERA_MAX_BLUR_PX. */
struct capture_geometry {
    double module_px;  /* camera pixels a module (narrowest bar), at the display's centre and in the
                          direction that the tilt shortens most */
    double defocus_px; /* diameter of the defocus disc */
    double motion_px;  /* length of the motion line */
};

struct capture_geometry camera_geometry(const struct code_image *image,
                                        const struct conditions *conditions);

/* Scratch memory of one thread, sized for frames of up to width x height. What an earlier capture
 * left there never shows in a later one. */
struct camera_scratch;
struct camera_scratch *camera_scratch_new(unsigned width, unsigned height);
void camera_scratch_free(struct camera_scratch *scratch);

/* The two halves, so that each can be timed: camera_render makes the ideal irradiance in the
 * scratch; camera_expose blurs it, adds noise and quantises into `frame` (whose size must be the
 * camera's). What camera_render made stays until the next, so it can be exposed many times. */
void camera_render(const struct code_image *image, const struct conditions *conditions,
                   struct camera_scratch *scratch);
void camera_expose(const struct conditions *conditions, struct stream_key key,
                   struct camera_scratch *scratch, struct frame *frame);

/* What falls on the sensor, as grey bytes without noise: as camera_render made it, or `blurred`
 * too. For people to look at, and to find out at which stage a picture is lost. */
void camera_irradiance(const struct conditions *conditions, struct camera_scratch *scratch,
                       bool blurred, struct frame *frame);

/* Both halves. */
void camera_capture(const struct code_image *image, const struct conditions *conditions,
                    struct stream_key key, struct camera_scratch *scratch, struct frame *frame);

/* Where the display point (x, y), in display pixels from its top left corner, falls on the sensor,
 * in pixels (pixel centres at .5); NaN for a point that is not in front of the camera. */
void camera_project(const struct code_image *image, const struct conditions *conditions, double x,
                    double y, double *u, double *v);

#endif
