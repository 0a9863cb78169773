#include "presets.h"

const char *const camera_preset_names[] = {"custom",   "vga-security", "mt9m034",
                                           "mt9m031",  "mt9f002",      "phone-1x",
                                           "phone-5x", "dslr-300",     NULL};
const char *const token_preset_names[] = {"custom", "lcd-128x64", "oled-0.96in", NULL};
const char *const phone_preset_names[] = {"custom", "phone-oled", "phone-lcd", NULL};

/* Rolling, 30 frames a second of 525 lines. */
static const char *const vga_security[] = {
    "width=640",        "height=480", "pixel_pitch=6 um", "row_time=63.5 us", "full_well=10000 e-",
    "read_noise=20 e-", NULL};

/* Rolling, 45 frames a second of 990 lines. */
static const char *const mt9m034[] = {"width=1280",
                                      "height=960",
                                      "pixel_pitch=3.75 um",
                                      "row_time=22.4 us",
                                      "full_well=5890 e-",
                                      "read_noise=4.0 e-",
                                      NULL};

static const char *const mt9m031[] = {
    "width=1280",         "height=960", "pixel_pitch=3.75 um", "row_time=0 s", "full_well=5500 e-",
    "read_noise=10.6 e-", NULL};

/* A window of 1920 x 1080 of its 14 million pixels. */
static const char *const mt9f002[] = {
    "width=1920",        "height=1080", "pixel_pitch=1.4 um", "row_time=22 us", "full_well=3240 e-",
    "read_noise=4.4 e-", NULL};

/* Lenses: such that a module of 0.45 mm has 1.2 pixels at 1.2, 5 and 28 m. */
static const char *const phone_1x[] = {
    "width=1920",          "height=1080",       "pixel_pitch=1.4 um",
    "focal_length=4.5 mm", "f_number=1.8",      "row_time=22 us",
    "full_well=3240 e-",   "read_noise=4.4 e-", NULL};

static const char *const phone_5x[] = {
    "width=1280",         "height=720",        "pixel_pitch=1.4 um",
    "focal_length=22 mm", "f_number=3.4",      "row_time=22 us",
    "full_well=3240 e-",  "read_noise=4.4 e-", NULL};

static const char *const dslr_300[] = {"width=1920",          "height=1080",     "pixel_pitch=4 um",
                                       "focal_length=300 mm", "f_number=5.6",    "row_time=10 us",
                                       "full_well=30000 e-",  "read_noise=3 e-", NULL};

static const char *const lcd_128x64[] = {"width=128",     "height=64",  "kind=lcd",
                                         "pitch=0.45 mm", "contrast=8", "gap=9 %",
                                         "luminance=100", NULL};

static const char *const oled_096[] = {
    "width=128",     "height=64", "kind=oled",     "pitch=0.17 mm",
    "contrast=2000", "gap=12 %",  "luminance=120", NULL};

/* About 400 pixels an inch. */
static const char *const phone_oled[] = {"kind=phone",
                                         "pitch=0.504 mm",
                                         "contrast=1000",
                                         "panel_pitch=0.063 mm",
                                         "panel_gap=20 %",
                                         "luminance=500",
                                         NULL};

/* About 326 pixels an inch. */
static const char *const phone_lcd[] = {"kind=phone",
                                        "pitch=0.546 mm",
                                        "contrast=300",
                                        "panel_pitch=0.078 mm",
                                        "panel_gap=12 %",
                                        "luminance=450",
                                        NULL};

#define CAMERA(key)                                                                            \
    {key, "vga-security", vga_security}, {key, "mt9m034", mt9m034}, {key, "mt9m031", mt9m031}, \
        {key, "mt9f002", mt9f002}, {key, "phone-1x", phone_1x}, {key, "phone-5x", phone_5x},   \
    {                                                                                          \
        key, "dslr-300", dslr_300                                                              \
    }
#define PHONE(key)                   \
    {key, "phone-oled", phone_oled}, \
    {                                \
        key, "phone-lcd", phone_lcd  \
    }

const struct parameter_preset presets[PRESET_COUNT] = {
    CAMERA("terminals.camera.preset"),
    CAMERA("phone.camera.preset"),
    CAMERA("attacks.photographers.camera.preset"),
    {"token.display.preset", "lcd-128x64", lcd_128x64},
    {"token.display.preset", "oled-0.96in", oled_096},
    PHONE("phone.display.preset"),
    PHONE("attacks.photographers.display.preset"),
};
