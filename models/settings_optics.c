/* Cameras, displays and hands: from the settings of a scenario to the structures of optics. */
#include "people/people.h"
#include "world.h"

#include <math.h>

struct camera settings_camera(const struct camera_settings *camera)
{
    return (struct camera){
        .width = (unsigned)camera->width,
        .height = (unsigned)camera->height,
        .pitch_m = camera->pixel_pitch,
        .focal_length_m = camera->focal_length,
        .f_number = camera->f_number,
        .focus_m = camera->focus,
        .k1 = camera->k1,
        .k2 = camera->k2,
        .vignetting = camera->vignetting,
        .exposure = (enum exposure_mode)camera->exposure_mode,
        .level = camera->level,
        .exposure_s = camera->exposure,
        .row_time_s = camera->row_time,
        .flicker = camera->flicker,
        .flicker_hz = camera->flicker_rate,
        .quantum_efficiency = camera->quantum_efficiency,
        .full_well_e = camera->full_well,
        .gain_dn_e = camera->gain,
        .read_noise_e = camera->read_noise,
        .dark_dn = camera->dark,
        .prnu = camera->prnu,
        .dsnu_dn = camera->dsnu,
        .noise = (enum noise_mode)camera->noise,
        .mosaic = (enum mosaic)camera->mosaic,
        .red = camera->red,
        .blue = camera->blue,
        .jpeg = (unsigned)camera->jpeg,
        .stress = {(enum stress_kind)camera->stress, (unsigned)camera->severity},
    };
}

/* Main control drives the lens for as long as switching takes, and then takes what it sees. */
struct camera settings_capture_camera(const struct terminal_settings *terminals)
{
    struct camera camera = settings_camera(&terminals->camera);
    if (!(terminals->switch_time < terminals->refocus_time))
        return camera;
    double share = terminals->switch_time / terminals->refocus_time;
    double from = 1.0 / terminals->surveillance_focus, to = 1.0 / camera.focus_m; /* dioptres */
    camera.focus_m = 1.0 / (from + share * (to - from));
    return camera;
}

struct display settings_display(const struct display_settings *display)
{
    return (struct display){
        .kind = (enum display_kind)display->kind,
        .pitch_m = display->pitch,
        .contrast = display->contrast,
        .gap = display->gap,
        .panel_pitch_m = display->panel_pitch,
        .panel_gap = display->panel_gap,
        .luminance_cd_m2 = display->luminance,
    };
}

const struct display_settings *settings_shown(const struct settings *settings)
{
    return settings->way == WAY_TOKEN_DISPLAY ? &settings->display : &settings->phone.display;
}

static struct conditions conditions_of(const struct display_settings *display,
                                       const struct camera_settings *camera,
                                       const struct pose *pose, uint32_t camera_id)
{
    struct conditions conditions = {.display = settings_display(display),
                                    .camera = settings_camera(camera),
                                    .pose = *pose,
                                    .camera_id = camera_id};
    if (!(camera->focus > 0.0)) /* autofocus */
        conditions.camera.focus_m = pose->distance_m;
    return conditions;
}

static struct sequence sequence_of(const struct sequence_settings *settings, struct stream *stream)
{
    struct sequence sequence = {.frames = (unsigned)settings->frames,
                                .interval_s = settings->interval,
                                .tremor_m = settings->tremor,
                                .tremor_hz = settings->tremor_rate};
    sequence.tremor_direction = 2.0 * M_PI * stream_uniform(stream);
    sequence.tremor_phase = 2.0 * M_PI * stream_uniform(stream);
    return sequence;
}

/* Cameras apart from all ATMs' and thieves'. */
enum { PHONE_CAMERA = 0x20000 };

void settings_present(const struct settings *settings, const struct display_settings *display,
                      uint32_t terminal, struct stream *stream, struct shot *shot)
{
    const struct display_settings *shown = display != NULL ? display : settings_shown(settings);
    struct pose pose = people_hold(&settings->presentation, stream);
    people_reflect(&settings->glare, settings->display.width * shown->pitch,
                   settings->display.height * shown->pitch, shown->pitch, stream, &pose.glare);
    shot->conditions = conditions_of(shown, &settings->terminals.camera, &pose, terminal);
    shot->conditions.camera = settings_capture_camera(&settings->terminals);
    shot->sequence = sequence_of(&settings->sequence, stream);
    shot->recaptured = display == NULL && settings->way == WAY_PHOTO_OF_DISPLAY;
    if (!shot->recaptured)
        return;
    struct pose photo = people_hold(&settings->phone.photograph, stream);
    shot->photo =
        conditions_of(&settings->display, &settings->phone.camera, &photo, PHONE_CAMERA + terminal);
}

void settings_photograph(const struct settings *settings, uint32_t camera_id, struct stream *stream,
                         struct shot *shot)
{
    struct pose pose = people_hold(&settings->attacks.photograph, stream);
    shot->conditions =
        conditions_of(settings_shown(settings), &settings->attacks.camera, &pose, camera_id);
}
