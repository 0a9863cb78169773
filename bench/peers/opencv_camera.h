/*
 * A peer: a camera as one writes it with OpenCV. The picture of the display is warped into the
 * frame (bilinear), blurred over the whole frame and made noisy with one sigma for all pixels: no
 * area sampling, no noise that grows with the light, no fixed maps.
 *
 * Built where libopencv-imgproc-dev is installed (CASHPOINT_OPENCV); elsewhere it is not there.
 */
#ifndef CASHPOINT_OPENCV_CAMERA_H
#define CASHPOINT_OPENCV_CAMERA_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct opencv_camera;

/* What one frame is made of. */
struct opencv_shot {
    const uint8_t *display; /* grey, row by row; around it lies `surroundings` */
    int display_width, display_height;
    double homography[9]; /* display pixels to frame pixels, row by row */
    double surroundings, sigma;
};

/* For frames of one size. The disc is a kernel of that diameter, by filter2D; `gaussian` takes a
 * GaussianBlur of the same variance instead. One thread. */
struct opencv_camera *opencv_camera_new(int width, int height, double disc_px, int gaussian);
void opencv_camera_free(struct opencv_camera *camera);
void opencv_camera_capture(struct opencv_camera *camera, const struct opencv_shot *shot,
                           uint8_t *frame);

const char *opencv_camera_version(void);

#ifdef __cplusplus
}
#endif

#endif
