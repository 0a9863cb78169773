/*
 * The camera: what a sensor records of a code image on a display, in physical units.
 *
 * A capture is a pure function of (code image, conditions, stream key): the same three give the
 * same bytes on any thread, at any time, in any order. That is what lets worker threads photograph
 * while the event loop runs on, and lets one capture out of a million be made again from its
 * record.
 *
 * The chain: display pixels in metres, with gaps and reflections -> perspective (distance, offset,
 * yaw, pitch, roll) -> radial distortion -> area sampling on the pixel grid -> defocus disc ->
 * motion line -> vignetting, exposure, flicker -> mosaic -> noise (EMVA 1288) -> 8-bit quantisation
 * -> demosaic, JPEG, stress. What costs time and is not in the fields' zero is left out.
 *
 * Formulas
 *     image distance v = f s_f / (s_f - f), s_f the distance in focus            (thin lens)
 *     projection     v / (Z pitch) pixels a metre; radius r in units of v becomes
 *                    r (1 + k1 r^2 + k2 r^4)                                      (Brown 1971)
 *     defocus disc   v f / N * |1/s - 1/s_f|, over the pixel pitch
 *     motion line    v t v / (Z pitch), the first v being the hand's speed
 *     rolling rows   the pose is that of the frame's middle row; row y sees the image moved by its
 *                    speed v v / (Z pitch) for (y - height / 2) row times
 *     vignetting     cos^4 of the angle to the axis: (1 + r^2)^-2
 *     exposure       e- = QE t pitch^2 * pi/4 L / N^2 * (f / v)^2 * 4.09e15 photons/(lx s m^2)
 *     flicker        mean of 1 + m sin(2 pi f t + phase) while the row is exposed
 *     noise          mean = dark + K e-, variance = K^2 sd_read^2 + 1/12 + K (mean - dark); DSNU
 *                    adds, PRNU multiplies, both fixed maps a camera               (EMVA 1288 R3.1)
 *
 * Axes are a picture's: x to the right, y downwards, z away from the camera. The display is turned
 * by yaw (positive: its right side nearer), then pitch (positive: its bottom farther), then roll
 * (positive: clockwise as seen). Around its dots runs a bezel (bright: the quiet zone; black on an
 * OLED), and around that the token's body and the hand, taken as one constant level. Unless
 * `exposure` is fixed, auto-exposure holds the level of the bright display, and exposure_s
 * lengthens the motion line and evens out the flicker.
 *
 * Limits: blurs are cut at CAMERA_MAX_BLUR_PX. Up to a disc of 16 px and a line of 24 px they, and
 * the pixel's area, leave of every detail what theory says, within 0.02 of full contrast up to 0.45
 * cycles a pixel; wider discs likewise. Longer lines have the right spread, but soften details
 * across them, too: by up to 0.3 at a third of a cycle. Where blur is less than a few pixels edges
 * swing by up to 2 % of the contrast, corners by 4 %: what the pixels cannot show is cut off. Fast
 * noise has no tails beyond 4.3 sigma, exact noise none beyond 6.76. A display that turns its back,
 * or lies behind the camera, leaves the surroundings alone in the frame. A lens focuses no nearer
 * than twice its focal length. Light leaves a display evenly in all directions. Rolling rows see
 * a hand as fast everywhere as at the display's centre, and before the lens bends its path.
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
    CAMERA_FRAMES = 64,       /* of one stream key; each takes 2^26 of its 2^32 blocks */
};

#define CAMERA_SURROUNDINGS 0.25 /* of the bright level; assumption */
#define CAMERA_MAX_SKEW 0.5      /* pixels that a hand moves in a row time; faster ones are cut */

enum display_kind {
    DISPLAY_LCD,  /* dark dots on a bright field, bright bezel */
    DISPLAY_OLED, /* bright dots on a black field, black bezel */
    DISPLAY_PHONE /* blocks of a finer panel's pixels, bright bezel */
};

struct display {
    enum display_kind kind;
    double pitch_m;         /* from dot to dot */
    double contrast;        /* bright / dark luminance, > 1 */
    double gap;             /* between dots, a ratio of the pitch, < 1; 0: they touch */
    double panel_pitch_m;   /* PHONE: of the panel's own pixels; 0: not seen */
    double panel_gap;       /* black between those, a ratio of their pitch */
    double luminance_cd_m2; /* of a bright dot; 0: not known (then exposure must be automatic) */
};

enum exposure_mode { EXPOSURE_AUTO, EXPOSURE_FIXED };
enum noise_mode { NOISE_FAST, NOISE_EXACT };
enum mosaic { MOSAIC_NONE, MOSAIC_RGGB };

/* Corruptions of ImageNet-C (Hendrycks and Dietterich 2019), of the finished frame. */
enum stress_kind {
    STRESS_NONE,
    STRESS_GAUSSIAN_NOISE,
    STRESS_SHOT_NOISE,
    STRESS_DEFOCUS,
    STRESS_GAUSSIAN_BLUR,
    STRESS_MOTION
};

struct stress {
    enum stress_kind kind;
    unsigned severity; /* 1 to 5 */
};

struct camera {
    unsigned width, height; /* pixels */
    double pitch_m;         /* of the sensor's pixels */
    double focal_length_m;
    double f_number;
    double focus_m; /* distance in focus */
    double k1, k2;  /* radial distortion; negative k1: barrel */
    bool vignetting;
    enum exposure_mode exposure;
    double level;              /* AUTO: mean level of the bright display, a ratio of saturation */
    double exposure_s;         /* how long a row is open */
    double row_time_s;         /* from a row's start to the next row's; 0: global shutter */
    double flicker;            /* modulation of the light, 0 to 1 ... */
    double flicker_hz;         /* ... and how often: twice the mains */
    double quantum_efficiency; /* electrons a photon; FIXED needs it */
    double full_well_e;        /* electrons at saturation */
    double gain_dn_e;          /* K; 0: such that saturation is 255 DN */
    double read_noise_e;       /* dark noise, rms */
    double dark_dn;            /* offset of a dark pixel */
    double prnu;    /* rms gain difference of the pixels, a ratio; a fixed map a camera */
    double dsnu_dn; /* rms offset difference of the pixels; another */
    enum noise_mode noise;
    enum mosaic mosaic;
    double red, blue; /* RGGB: what these pixels get of the scene, green being 1 */
    unsigned jpeg;    /* quality, 1 to 100; 0: not compressed */
    struct stress stress;
};

/* What the glass of the display reflects, as ratios of a bright dot's luminance. */
struct glare {
    double veil;   /* everywhere */
    double peak;   /* of a gaussian spot */
    double x, y;   /* its centre, in dots from the display's centre */
    double size_m; /* its standard deviation */
};

/* Of the display's centre, seen from the camera; angles in radians. */
struct pose {
    double distance_m;
    double offset_x_m, offset_y_m; /* across the optical axis */
    double yaw, pitch, roll;       /* about the vertical, the horizontal, the optical axis */
    double speed_m_s;              /* of the hand, across the optical axis */
    double direction;              /* of that motion, radians from the sensor's x axis */
    struct glare glare;
};

struct conditions {
    struct display display;
    struct camera camera;
    struct pose pose;
    uint32_t camera_id; /* whose PRNU and DSNU maps */
    uint32_t frame;     /* of a sequence with one key: picks its noise; below CAMERA_FRAMES */
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

/* The same of a grey picture that fills a display without bezel, as a phone shows a photograph: one
 * dot a pixel, 0 being dark and 255 bright, in proportion to luminance. At most 65535 pixels wide
 * and high. What comes nearer than the camera's near plane is left out. */
void camera_render_picture(const struct frame *picture, const struct conditions *conditions,
                           struct camera_scratch *scratch);

/* What falls on the sensor, as grey bytes without noise: as camera_render made it; blurred, too;
 * and shaded by vignetting and by the flicker that this key's exposure meets. For people to look
 * at, and to find out at which stage a picture is lost. */
enum camera_view { CAMERA_RENDERED, CAMERA_BLURRED, CAMERA_SHADED };
void camera_irradiance(const struct conditions *conditions, struct stream_key key,
                       struct camera_scratch *scratch, enum camera_view view, struct frame *frame);

/* Both halves. */
void camera_capture(const struct code_image *image, const struct conditions *conditions,
                    struct stream_key key, struct camera_scratch *scratch, struct frame *frame);

/* Where the display point (x, y), in display pixels from its top left corner, falls on the sensor,
 * in pixels (pixel centres at .5); NaN for a point that is not in front of the camera. */
void camera_project(const struct code_image *image, const struct conditions *conditions, double x,
                    double y, double *u, double *v);

/* Whether the radial distortion is one to one over the whole frame. */
bool lens_covers_frame(const struct camera *camera);

#endif
