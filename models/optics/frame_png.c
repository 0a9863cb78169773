#include "optics/frame_png.h"

#include <errno.h>
#include <fcntl.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * libpng leaves by longjmp on an error. So everything that a jump must not lose lives in one struct
 * here, and each function that calls setjmp has no variables of its own that change after it.
 */
struct png_job {
    FILE *file;
    png_structp png;
    png_infop info;
    uint8_t *pixels; /* RGBA while reading */
    unsigned width, height;
    char message[128]; /* libpng's, of what went wrong */
};

enum { HEADER_BYTES = 24, CHUNK_MAX_BYTES = 1 << 20, CHUNK_MAX_COUNT = 64 };

static void on_error(png_structp png, png_const_charp message)
{
    struct png_job *job = png_get_error_ptr(png);
    snprintf(job->message, sizeof job->message, "%s", message);
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
    (void)png; /* of chunks that say nothing about the pixels */
    (void)message;
}

/* Opens without waiting (a FIFO would) and takes regular files only. */
static FILE *open_regular(const char *path, struct error *error)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0) {
        error_set(error, "cannot open '%.300s': %s; name a PNG file that can be read", path,
                  strerror(errno));
    } else if (!S_ISREG(status.st_mode)) {
        error_set(error, "'%.300s' is not a regular file; name a PNG file", path);
    } else if (status.st_size > FRAME_PNG_MAX_BYTES) {
        error_set(error, "'%.300s' has more than %d MiB; scale or crop the picture first", path,
                  FRAME_PNG_MAX_BYTES >> 20);
    } else {
        FILE *file = fdopen(fd, "rb");
        CHECK(file != NULL);
        return file;
    }
    if (fd >= 0)
        close(fd);
    return NULL;
}

static unsigned big_endian(const uint8_t *bytes)
{
    return (unsigned)bytes[0] << 24 | (unsigned)bytes[1] << 16 | (unsigned)bytes[2] << 8 | bytes[3];
}

/* Looks at the signature and the size before libpng does, for the sake of a clear message. */
static bool check_header(FILE *file, const char *path, struct error *error)
{
    uint8_t head[HEADER_BYTES];
    size_t got = fread(head, 1, sizeof head, file);
    if (got < 8 || png_sig_cmp(head, 0, 8) != 0)
        return error_set(error, "'%.300s' is not a PNG file; convert the picture to PNG first",
                         path);
    if (got < sizeof head || memcmp(head + 12, "IHDR", 4) != 0)
        return error_set(error, "'%.300s' is a damaged PNG file; make it again", path);
    unsigned width = big_endian(head + 16), height = big_endian(head + 20);
    if (width > FRAME_PNG_MAX_SIDE || height > FRAME_PNG_MAX_SIDE ||
        (uint64_t)width * height > FRAME_PNG_MAX_PIXELS)
        return error_set(error,
                         "'%.300s' has %u x %u pixels, and at most %d a side and %d in all are "
                         "read; scale or crop the picture first",
                         path, width, height, FRAME_PNG_MAX_SIDE, FRAME_PNG_MAX_PIXELS);
    rewind(file);
    return true;
}

/* All kinds of PNG become 8-bit RGBA. */
static void ask_for_rgba(struct png_job *job)
{
    png_set_expand(job->png);
    png_set_scale_16(job->png);
    png_set_gray_to_rgb(job->png);
    png_set_add_alpha(job->png, 0xff, PNG_FILLER_AFTER);
}

static bool read_rgba(struct png_job *job)
{
    if (setjmp(png_jmpbuf(job->png)))
        return false;
    png_set_user_limits(job->png, FRAME_PNG_MAX_SIDE, FRAME_PNG_MAX_SIDE);
    png_set_chunk_malloc_max(job->png, CHUNK_MAX_BYTES);
    png_set_chunk_cache_max(job->png, CHUNK_MAX_COUNT);
    png_init_io(job->png, job->file);
    png_read_info(job->png, job->info);
    job->width = png_get_image_width(job->png, job->info);
    job->height = png_get_image_height(job->png, job->info);
    ask_for_rgba(job);
    int passes = png_set_interlace_handling(job->png);
    png_read_update_info(job->png, job->info);
    CHECK(png_get_rowbytes(job->png, job->info) == (size_t)job->width * 4);
    job->pixels = calloc((size_t)job->width * job->height, 4);
    if (job->pixels == NULL)
        png_error(job->png, "out of memory");
    for (int pass = 0; pass < passes; pass++)
        for (unsigned y = 0; y < job->height; y++)
            png_read_row(job->png, job->pixels + (size_t)y * job->width * 4, NULL);
    png_read_end(job->png, NULL);
    return true;
}

/* Luminance by Rec. 709 from the values as they stand, laid on white by alpha. */
static uint8_t grey_of(const uint8_t *rgba)
{
    unsigned luminance = (13933u * rgba[0] + 46871u * rgba[1] + 4732u * rgba[2] + 32768u) >> 16;
    unsigned alpha = rgba[3];
    return (uint8_t)((luminance * alpha + 255u * (255u - alpha) + 127u) / 255u);
}

/* Squeezes the pixels in place: each grey lands at or before the RGBA that it came from. */
static void take_grey(struct png_job *job, struct frame *frame)
{
    size_t count = (size_t)job->width * job->height;
    for (size_t i = 0; i < count; i++)
        job->pixels[i] = grey_of(job->pixels + 4 * i);
    uint8_t *shrunk = realloc(job->pixels, count);
    *frame = (struct frame){.width = job->width,
                            .height = job->height,
                            .stride = job->width,
                            .pixels = shrunk != NULL ? shrunk : job->pixels};
    job->pixels = NULL;
}

bool frame_png_read(const char *path, struct frame *frame, struct error *error)
{
    *frame = (struct frame){0};
    struct png_job job = {.file = open_regular(path, error)};
    if (job.file == NULL)
        return false;
    bool sound = check_header(job.file, path, error);
    if (sound) {
        job.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &job, on_error, on_warning);
        job.info = job.png != NULL ? png_create_info_struct(job.png) : NULL;
        CHECK(job.info != NULL);
        sound = read_rgba(&job);
        png_destroy_read_struct(&job.png, &job.info, NULL);
        if (sound)
            take_grey(&job, frame);
        else
            error_set(error, "'%.300s' is a damaged PNG file (%s); make it again", path,
                      job.message);
    }
    free(job.pixels);
    fclose(job.file);
    return sound;
}

static bool write_grey(struct png_job *job, const struct frame *frame)
{
    if (setjmp(png_jmpbuf(job->png)))
        return false;
    png_init_io(job->png, job->file);
    png_set_IHDR(job->png, job->info, frame->width, frame->height, 8, PNG_COLOR_TYPE_GRAY,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    /* Noise hardly compresses: trying hard takes eight times as long for a fifth less. */
    png_set_compression_level(job->png, 1);
    png_set_filter(job->png, PNG_FILTER_TYPE_BASE, PNG_FILTER_SUB);
    png_write_info(job->png, job->info);
    for (unsigned y = 0; y < frame->height; y++)
        png_write_row(job->png, frame->pixels + (size_t)y * frame->stride);
    png_write_end(job->png, NULL);
    return true;
}

/* Creates a new file beside `path`; its name goes into `name`. Not mkstemp: that would leave the
 * picture readable by its owner alone. */
static FILE *create_beside(const char *path, char *name, size_t size)
{
    for (int i = 0; i < 1000; i++) {
        snprintf(name, size, "%s.%ld-%d.part", path, (long)getpid(), i);
        int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0)
            return fdopen(fd, "wb");
        if (errno != EEXIST)
            return NULL;
    }
    return NULL;
}

static bool write_file(struct png_job *job, const struct frame *frame)
{
    job->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, job, on_error, on_warning);
    job->info = job->png != NULL ? png_create_info_struct(job->png) : NULL;
    CHECK(job->info != NULL);
    bool written = write_grey(job, frame);
    png_destroy_write_struct(&job->png, &job->info);
    return fclose(job->file) == 0 && written;
}

bool frame_png_write(const char *path, const struct frame *frame, struct error *error)
{
    CHECK(frame->width > 0 && frame->height > 0 && frame->stride >= frame->width);
    size_t size = strlen(path) + 64;
    char *name = malloc(size);
    CHECK(name != NULL);
    errno = 0;
    struct png_job job = {.file = create_beside(path, name, size)};
    bool written = job.file != NULL && write_file(&job, frame) && rename(name, path) == 0;
    if (!written) {
        error_set(error, "cannot write '%.300s': %s; check that the folder exists and has room",
                  path, errno != 0 ? strerror(errno) : job.message);
        if (job.file != NULL)
            unlink(name);
    }
    free(name);
    return written;
}
