/* PNG files of all kinds, good and hostile. */
#include "optics/frame_png.h"
#include "optics_fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <png.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/cashpoint-frame-png-XXXXXX";

static const char *in_folder(const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static unsigned count_files(void)
{
    DIR *dir = opendir(folder);
    CHECK(dir != NULL);
    unsigned count = 0;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(dir);
    return count;
}

static int empty_folder(void **state)
{
    (void)state;
    DIR *dir = opendir(folder);
    CHECK(dir != NULL);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        if (entry->d_name[0] != '.')
            remove(in_folder(entry->d_name));
    closedir(dir);
    return 0;
}

static int remove_folder(void **state)
{
    empty_folder(state);
    return rmdir(folder);
}

static void write_bytes(const char *path, const void *bytes, size_t count)
{
    FILE *file = fopen(path, "wb");
    CHECK(file != NULL);
    CHECK(fwrite(bytes, 1, count, file) == count);
    CHECK(fclose(file) == 0);
}

static uint8_t *read_bytes(const char *path, size_t *count)
{
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL);
    uint8_t *bytes = malloc(1 << 20);
    CHECK(bytes != NULL);
    *count = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return bytes;
}

static struct frame test_frame(void)
{
    struct frame frame = {53, 31, 64, calloc(64, 31)};
    CHECK(frame.pixels != NULL);
    for (unsigned i = 0; i < 64 * 31; i++)
        frame.pixels[i] = (uint8_t)(i * 37 + i / 64 * 11);
    return frame;
}

static void assert_refused(const char *path, const char *reason)
{
    struct error error = {""};
    struct frame frame = {1, 1, 1, (uint8_t *)path};
    assert_false(frame_png_read(path, &frame, &error));
    assert_null(frame.pixels);
    if (strstr(error.text, path) == NULL || strstr(error.text, reason) == NULL)
        fail_msg("'%s' does not name the file and \"%s\"", error.text, reason);
    assert_false(frame_png_read(path, &frame, NULL));
}

static void test_write_then_read(void **state)
{
    (void)state;
    struct frame frame = test_frame(), back;
    struct error error = {""};
    const char *path = in_folder("frame.png");
    for (int i = 0; i < 2; i++) /* the second time over the first */
        assert_true(frame_png_write(path, &frame, &error));
    assert_int_equal(count_files(), 1);
    assert_true(frame_png_read(path, &back, &error));
    assert_int_equal(back.width, 53);
    assert_int_equal(back.height, 31);
    assert_true(back.stride >= 53);
    for (unsigned y = 0; y < 31; y++)
        assert_memory_equal(back.pixels + y * back.stride, frame.pixels + y * 64, 53);
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_true(status.st_mode & S_IRUSR);
    free(frame.pixels);
    free(back.pixels);
}

static void test_failed_writes_leave_nothing(void **state)
{
    (void)state;
    struct frame frame = test_frame();
    struct error error = {""};
    assert_false(frame_png_write(in_folder("missing/frame.png"), &frame, &error));
    assert_non_null(strstr(error.text, "missing/frame.png"));
    assert_non_null(strstr(error.text, "No such file"));
    assert_int_equal(mkdir(in_folder("taken.png"), 0700), 0);
    assert_false(frame_png_write(in_folder("taken.png"), &frame, &error));
    assert_int_equal(count_files(), 1);
    free(frame.pixels);
}

/* As on a full disk: no file may grow beyond 100 bytes. */
static void test_write_that_runs_out_of_room(void **state)
{
    (void)state;
    struct frame frame = test_frame();
    struct error error = {""};
    struct rlimit before, tight;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    tight = (struct rlimit){100, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    bool written = frame_png_write(in_folder("full.png"), &frame, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_false(written);
    assert_non_null(strstr(error.text, "File too large"));
    assert_int_equal(count_files(), 0);
    free(frame.pixels);
}

static void test_what_is_not_a_file(void **state)
{
    (void)state;
    assert_refused(folder, "not a regular file");
    assert_refused(in_folder("missing.png"), "No such file");
    assert_int_equal(mkfifo(in_folder("fifo.png"), 0600), 0);
    assert_refused(in_folder("fifo.png"), "not a regular file"); /* and does not wait */
    assert_refused("/dev/zero", "not a regular file");
}

static void test_what_is_not_a_png(void **state)
{
    (void)state;
    write_bytes(in_folder("text.png"), "Hello, this is no picture.\n", 27);
    assert_refused(in_folder("text.png"), "not a PNG file");
    write_bytes(in_folder("empty.png"), "", 0);
    assert_refused(in_folder("empty.png"), "not a PNG file");
    write_bytes(in_folder("signature.png"), "\x89PNG\r\n\x1a\n", 8);
    assert_refused(in_folder("signature.png"), "damaged");
}

/* A file cut anywhere, or with any byte changed, is refused or read, and nothing else. A change of
 * one byte always breaks a CRC, and only those of chunks we have no need for could be let pass. */
static void test_damaged_files(void **state)
{
    (void)state;
    struct frame frame = test_frame(), back;
    const char *path = in_folder("damaged.png");
    assert_true(frame_png_write(path, &frame, NULL));
    size_t count;
    uint8_t *bytes = read_bytes(path, &count);
    for (size_t cut = 0; cut < count; cut++) {
        write_bytes(path, bytes, cut);
        assert_false(frame_png_read(path, &back, NULL));
    }
    for (size_t i = 0; i < count; i++) {
        bytes[i] ^= 0x20;
        write_bytes(path, bytes, count);
        if (frame_png_read(path, &back, NULL))
            free(back.pixels);
        bytes[i] ^= 0x20;
    }
    bytes[60] ^= 1; /* in the middle of the pixels */
    write_bytes(path, bytes, count);
    assert_refused(path, "damaged");
    free(bytes);
    free(frame.pixels);
}

static uint32_t crc32_of(const uint8_t *bytes, size_t count)
{
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < count; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
    return ~crc;
}

static uint8_t *put_u32(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (24 - 8 * i));
    return at + 4;
}

static uint8_t *put_chunk(uint8_t *at, const char *type, const uint8_t *data, uint32_t count)
{
    at = put_u32(at, count);
    memcpy(at, type, 4);
    if (count > 0)
        memcpy(at + 4, data, count);
    return put_u32(at + 4 + count, crc32_of(at, count + 4));
}

/* A sound header and the beginning of a stream of zeros. */
static void write_bomb(const char *path, uint32_t width, uint32_t height)
{
    static const uint8_t zeros[] = {0x78, 0x9c, 0x63, 0x60, 0x18, 0x05, 0xa3, 0x60};
    uint8_t bytes[128], header[13] = {[8] = 8}, *at = bytes;
    memcpy(at, "\x89PNG\r\n\x1a\n", 8);
    put_u32(header, width);
    put_u32(header + 4, height);
    at = put_chunk(at + 8, "IHDR", header, sizeof header);
    at = put_chunk(at, "IDAT", zeros, sizeof zeros);
    at = put_chunk(at, "IEND", NULL, 0);
    write_bytes(path, bytes, (size_t)(at - bytes));
}

static void test_bombs(void **state)
{
    (void)state;
    const char *path = in_folder("bomb.png");
    static const uint32_t sizes[][2] = {
        {20000, 20000}, {4097, 1}, {1, 4097}, {4096, 4096}, {0xffffffff, 65536}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        write_bomb(path, sizes[i][0], sizes[i][1]);
        assert_refused(path, "at most 4096");
    }
    write_bomb(path, 4096, 2900); /* allowed, but there is nothing in it */
    assert_refused(path, "damaged");
    write_bomb(path, 0, 100);
    assert_refused(path, "damaged");
    FILE *file = fopen(path, "ab");
    CHECK(file != NULL && ftruncate(fileno(file), FRAME_PNG_MAX_BYTES + 1) == 0);
    fclose(file);
    assert_refused(path, "more than 32 MiB");
}

/* What libpng's writer is told, for pictures of every kind. */
struct kind {
    int depth, colour, interlace;
    bool transparent; /* a tRNS chunk: the palette's or grey's value 1 */
};

enum { KIND_WIDTH = 9, KIND_HEIGHT = 10 };

/* Samples whose value is 0 in column 0, 1 in column 1 and full elsewhere. */
static void fill_row(const struct kind *kind, int channels, uint8_t *row)
{
    memset(row, 0, KIND_WIDTH * 8);
    for (int x = 0; x < KIND_WIDTH; x++) {
        int full = kind->colour == PNG_COLOR_TYPE_PALETTE ? 0 : (1 << kind->depth) - 1;
        int value = x == 1 ? 1 : x == 0 ? 0 : full;
        for (int c = 0; c < channels; c++) {
            int bit = (x * channels + c) * kind->depth;
            if (kind->depth == 16)
                row[bit / 8] = (uint8_t)(value >> 8);
            row[bit / 8 + (kind->depth == 16)] |=
                (uint8_t)(value << (kind->depth < 8 ? 8 - kind->depth - bit % 8 : 0));
        }
    }
}

static void write_kind(const char *path, const struct kind *kind)
{
    FILE *file = fopen(path, "wb");
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    CHECK(file != NULL && info != NULL && !setjmp(png_jmpbuf(png)));
    png_init_io(png, file);
    png_set_IHDR(png, info, KIND_WIDTH, KIND_HEIGHT, kind->depth, kind->colour, kind->interlace,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    const png_color palette[2] = {{255, 255, 255}, {255, 0, 0}};
    const png_byte alpha[2] = {255, 128};
    const png_color_16 clear = {.gray = 1, .red = 1, .green = 1, .blue = 1};
    bool indexed = kind->colour == PNG_COLOR_TYPE_PALETTE;
    if (indexed)
        png_set_PLTE(png, info, palette, 2);
    if (kind->transparent)
        png_set_tRNS(png, info, indexed ? alpha : NULL, 2, indexed ? NULL : &clear);
    png_write_info(png, info);
    uint8_t row[KIND_WIDTH * 8];
    fill_row(kind, png_get_channels(png, info), row);
    int passes = png_set_interlace_handling(png);
    for (int i = 0; i < passes * KIND_HEIGHT; i++)
        png_write_row(png, row);
    png_write_end(png, NULL);
    png_destroy_write_struct(&png, &info);
    fclose(file);
}

/* What fill_row's column 1 should look like. */
static int expected_one(const struct kind *kind)
{
    if (kind->colour == PNG_COLOR_TYPE_PALETTE) /* red: 0.2126 x 255; half of it on white */
        return kind->transparent ? (54 * 128 + 255 * 127 + 127) / 255 : 54;
    if (kind->transparent)
        return 255;
    if (kind->colour & PNG_COLOR_MASK_ALPHA) /* all but transparent */
        return kind->depth == 16 ? 255 : 254;
    return kind->depth == 16 ? 0 : 255 / ((1 << kind->depth) - 1);
}

static void test_every_kind_of_png(void **state)
{
    (void)state;
    static const struct kind kinds[] = {
        {1, PNG_COLOR_TYPE_GRAY, 0, false},       {2, PNG_COLOR_TYPE_GRAY, 0, false},
        {4, PNG_COLOR_TYPE_GRAY, 0, false},       {8, PNG_COLOR_TYPE_GRAY, 0, false},
        {16, PNG_COLOR_TYPE_GRAY, 0, false},      {2, PNG_COLOR_TYPE_GRAY, 0, true},
        {16, PNG_COLOR_TYPE_GRAY, 0, true},       {8, PNG_COLOR_TYPE_RGB, 0, false},
        {16, PNG_COLOR_TYPE_RGB, 0, false},       {8, PNG_COLOR_TYPE_RGB, 0, true},
        {8, PNG_COLOR_TYPE_RGB_ALPHA, 0, false},  {16, PNG_COLOR_TYPE_RGB_ALPHA, 0, false},
        {8, PNG_COLOR_TYPE_GRAY_ALPHA, 0, false}, {16, PNG_COLOR_TYPE_GRAY_ALPHA, 0, false},
        {1, PNG_COLOR_TYPE_PALETTE, 0, false},    {2, PNG_COLOR_TYPE_PALETTE, 0, true},
        {4, PNG_COLOR_TYPE_PALETTE, 0, true},     {8, PNG_COLOR_TYPE_PALETTE, 0, true},
    };
    const char *path = in_folder("kind.png");
    for (size_t i = 0; i < 2 * sizeof kinds / sizeof kinds[0]; i++) {
        struct kind kind = kinds[i / 2];
        kind.interlace = i % 2 ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE;
        write_kind(path, &kind);
        struct frame frame;
        struct error error = {""};
        if (!frame_png_read(path, &frame, &error))
            fail_msg("kind %zu: %s", i / 2, error.text);
        assert_int_equal(frame.width, KIND_WIDTH);
        assert_int_equal(frame.height, KIND_HEIGHT);
        bool white = kind.colour == PNG_COLOR_TYPE_PALETTE || kind.colour & PNG_COLOR_MASK_ALPHA;
        for (unsigned y = 0; y < KIND_HEIGHT; y++) {
            const uint8_t *row = frame.pixels + y * frame.stride;
            assert_int_equal(row[0], white ? 255 : 0); /* colour 0 of the palette, or all clear */
            assert_int_equal(row[1], expected_one(&kind));
            assert_int_equal(row[KIND_WIDTH - 1], 255);
        }
        free(frame.pixels);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_write_then_read, empty_folder),
        cmocka_unit_test_teardown(test_failed_writes_leave_nothing, empty_folder),
        cmocka_unit_test_teardown(test_write_that_runs_out_of_room, empty_folder),
        cmocka_unit_test_teardown(test_what_is_not_a_file, empty_folder),
        cmocka_unit_test_teardown(test_what_is_not_a_png, empty_folder),
        cmocka_unit_test_teardown(test_damaged_files, empty_folder),
        cmocka_unit_test_teardown(test_bombs, empty_folder),
        cmocka_unit_test_teardown(test_every_kind_of_png, empty_folder),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
