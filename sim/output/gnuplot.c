#include "output/gnuplot.h"

#include "output/csv.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct complaint {
    char text[240];
    size_t length;
};

static bool is_program(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

bool gnuplot_find(char *path, size_t size)
{
    static const char name[] = "/gnuplot";
    const char *folders = getenv("PATH");
    while (folders && *folders) {
        size_t length = strcspn(folders, ":");
        if (folders[0] == '/' && length + sizeof name <= size) {
            memcpy(path, folders, length);
            memcpy(path + length, name, sizeof name);
            if (is_program(path))
                return true;
        }
        folders += length + (folders[length] == ':');
    }
    return false;
}

/* In the child: only calls that are safe after a fork, and no way back. */
static _Noreturn void become_gnuplot(const char *program, int plots, int complaints,
                                     char **arguments)
{
    static char locale[] = "LC_ALL=C"; /* '.' as the decimal point */
    char *environment[] = {locale, NULL};
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (setpgid(0, 0) == 0 && fchdir(plots) == 0 && nothing >= 0 && dup2(nothing, 0) == 0 &&
        dup2(nothing, 1) == 1 && dup2(complaints, 2) == 2)
        execve(program, arguments, environment);
    _exit(127);
}

static long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Takes what gnuplot complains until it closes its standard error; false once time is up. */
static bool listen_to(int complaints, struct complaint *complaint)
{
    long deadline = now_ms() + GNUPLOT_LIMIT_MS;
    for (;;) {
        long left = deadline - now_ms();
        struct pollfd wait_for = {.fd = complaints, .events = POLLIN};
        int ready = left > 0 ? poll(&wait_for, 1, (int)left) : 0;
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0)
            return false;
        char piece[512];
        ssize_t got = read(complaints, piece, sizeof piece);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return true;
        for (ssize_t i = 0; i < got && complaint->length + 1 < sizeof complaint->text; i++)
            complaint->text[complaint->length++] = piece[i];
    }
}

static int wait_for_exit(pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return status;
}

static bool judge(bool in_time, int status, const struct folder *plots, const char *name,
                  const struct complaint *complaint, struct error *error)
{
    char said[sizeof complaint->text];
    csv_quote(said, sizeof said, complaint->text + strspn(complaint->text, " \n"));
    if (!in_time)
        return error_set(error,
                         "%s/%s.gp: gnuplot took more than %d s and was stopped; try "
                         "`gnuplot -d %s.gp` in that folder",
                         plots->path, name, GNUPLOT_LIMIT_MS / 1000, name);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return error_set(error,
                         "%.160s/%s.gp: gnuplot failed (\"%s\"); try `gnuplot -d %s.gp` in "
                         "that folder",
                         plots->path, name, said, name);
    return true;
}

static bool run_child(const char *program, const struct folder *plots, const char *name,
                      char **arguments, struct error *error)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return error_set(error, "gnuplot cannot be started: %s", strerror(errno));
    pid_t child = fork();
    if (child == 0)
        become_gnuplot(program, plots->descriptor, ends[1], arguments);
    close(ends[1]);
    struct complaint complaint = {{0}, 0};
    bool in_time = child > 0 && listen_to(ends[0], &complaint);
    close(ends[0]);
    if (child < 0)
        return error_set(error, "gnuplot cannot be started: %s", strerror(errno));
    if (!in_time) {
        (void)kill(-child, SIGKILL); /* with the helpers it may have started */
        (void)kill(child, SIGKILL);
    }
    return judge(in_time, wait_for_exit(child), plots, name, &complaint, error);
}

bool gnuplot_run(const char *program, const struct folder *plots, const char *name,
                 struct error *error)
{
    char script[96], picture[96], temporary[96], setting[128];
    (void)snprintf(script, sizeof script, "%.64s.gp", name);
    (void)snprintf(picture, sizeof picture, "%.64s.svg", name);
    (void)snprintf(temporary, sizeof temporary, "%.64s.svg.tmp", name);
    (void)snprintf(setting, sizeof setting, "picture = '%s'", temporary);
    char program_name[] = "gnuplot", defaults[] = "-d", execute[] = "-e";
    char *arguments[] = {program_name, defaults, execute, setting, script, NULL};
    folder_remove(plots, temporary);
    if (!run_child(program, plots, name, arguments, error)) {
        folder_remove(plots, temporary);
        return false;
    }
    return folder_rename(plots, temporary, picture, error);
}
