/*
 * JPEG, there and back in memory: what a terminal's frame loses on its way to the bank. Grey, the
 * library's accurate integer transform (the same on every processor).
 */
#include "optics/camera_private.h"

#include "engine/error.h"

#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

/* Nothing here comes from outside: what fails is memory, or this program. */
static void fail(j_common_ptr info)
{
    char message[JMSG_LENGTH_MAX];
    info->err->format_message(info, message);
    check_failed(message, __FILE__, __LINE__);
}

static unsigned char *compress(unsigned quality, const struct frame *frame, unsigned long *bytes)
{
    struct jpeg_compress_struct info;
    struct jpeg_error_mgr errors;
    unsigned char *data = NULL;
    info.err = jpeg_std_error(&errors);
    errors.error_exit = fail;
    jpeg_create_compress(&info);
    jpeg_mem_dest(&info, &data, bytes);
    info.image_width = frame->width;
    info.image_height = frame->height;
    info.input_components = 1;
    info.in_color_space = JCS_GRAYSCALE;
    jpeg_set_defaults(&info);
    info.dct_method = JDCT_ISLOW;
    jpeg_set_quality(&info, (int)quality, TRUE);
    jpeg_start_compress(&info, TRUE);
    while (info.next_scanline < info.image_height) {
        JSAMPROW row = frame->pixels + (size_t)info.next_scanline * frame->stride;
        jpeg_write_scanlines(&info, &row, 1);
    }
    jpeg_finish_compress(&info);
    jpeg_destroy_compress(&info);
    return data;
}

static void decompress(const unsigned char *data, unsigned long bytes, struct frame *frame)
{
    struct jpeg_decompress_struct info;
    struct jpeg_error_mgr errors;
    info.err = jpeg_std_error(&errors);
    errors.error_exit = fail;
    jpeg_create_decompress(&info);
    jpeg_mem_src(&info, data, bytes);
    jpeg_read_header(&info, TRUE);
    info.dct_method = JDCT_ISLOW;
    jpeg_start_decompress(&info);
    CHECK(info.output_width == frame->width && info.output_height == frame->height);
    while (info.output_scanline < info.output_height) {
        JSAMPROW row = frame->pixels + (size_t)info.output_scanline * frame->stride;
        jpeg_read_scanlines(&info, &row, 1);
    }
    jpeg_finish_decompress(&info);
    jpeg_destroy_decompress(&info);
}

void jpeg_round_trip(unsigned quality, struct frame *frame)
{
    CHECK(quality >= 1 && quality <= 100);
    unsigned long bytes = 0;
    unsigned char *data = compress(quality, frame, &bytes);
    decompress(data, bytes, frame);
    free(data);
}
