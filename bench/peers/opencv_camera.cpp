#include "bench/peers/opencv_camera.h"

#include <opencv2/imgproc.hpp>

struct opencv_camera {
    cv::Mat warped, blurred, noise, kernel;
    double sigma; /* of the gaussian; 0: the kernel */
    cv::RNG random;
};

/* Each pixel's share of the disc, by 16 x 16 points a pixel. */
static cv::Mat disc_kernel(double diameter)
{
    int reach = cvCeil(diameter / 2 - 0.5), side = 2 * reach + 1;
    cv::Mat kernel = cv::Mat::zeros(side, side, CV_32F);
    for (int y = 0; y < 16 * side; y++)
        for (int x = 0; x < 16 * side; x++) {
            double dx = (x + 0.5) / 16 - 0.5 * side, dy = (y + 0.5) / 16 - 0.5 * side;
            if (4 * (dx * dx + dy * dy) < diameter * diameter)
                kernel.at<float>(y / 16, x / 16) += 1;
        }
    return kernel / cv::sum(kernel)[0];
}

opencv_camera *opencv_camera_new(int width, int height, double disc_px, int gaussian)
{
    cv::setNumThreads(1);
    auto *camera = new opencv_camera;
    camera->warped.create(height, width, CV_8U);
    camera->blurred.create(height, width, CV_8U);
    camera->noise.create(height, width, CV_16S);
    camera->kernel = disc_kernel(disc_px);
    camera->sigma = gaussian ? disc_px / 4 : 0;
    return camera;
}

void opencv_camera_free(opencv_camera *camera)
{
    delete camera;
}

void opencv_camera_capture(opencv_camera *camera, const opencv_shot *shot, uint8_t *frame)
{
    const cv::Mat display(shot->display_height, shot->display_width, CV_8U,
                          const_cast<uint8_t *>(shot->display));
    const cv::Matx33d homography(shot->homography);
    cv::warpPerspective(display, camera->warped, homography, camera->warped.size(),
                        cv::INTER_LINEAR, cv::BORDER_CONSTANT, cv::Scalar(shot->surroundings));
    if (camera->sigma > 0)
        cv::GaussianBlur(camera->warped, camera->blurred, cv::Size(), camera->sigma);
    else
        cv::filter2D(camera->warped, camera->blurred, CV_8U, camera->kernel);
    camera->random.fill(camera->noise, cv::RNG::NORMAL, 0, shot->sigma);
    cv::Mat out(camera->warped.size(), CV_8U, frame);
    cv::add(camera->blurred, camera->noise, out, cv::noArray(), CV_8U);
}

const char *opencv_camera_version(void)
{
    return CV_VERSION;
}
