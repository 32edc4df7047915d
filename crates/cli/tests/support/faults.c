/* Stands between a program and the C library, and counts what changes a folder on disk.
 *
 * FAULT_ROOT  the folder, as an absolute path; what is done elsewhere passes
 * FAULT_AT    the change, from 0, at which the program is hindered; none when absent
 * FAULT_HOW   kill: the program is killed in the place of this change
 *             full: this change and all after it that need space fail, as on a full disk
 * FAULT_EIO   a path; neither it nor what lies below it can be opened, as on a failing disk
 * FAULT_NAMES a folder; the reading of its names breaks off after some
 * FAULT_LOG   a file; every change that was made is a line there: name, path, and the second path where there is one
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long changes;

static const char *absolute(const char *path, char *into) {
    char folder[PATH_MAX];
    if (path[0] == '/' || !getcwd(folder, sizeof folder))
        return path;
    snprintf(into, 2 * PATH_MAX, "%s/%s", folder, path);
    return into;
}

static int is_inside(const char *path) {
    const char *root = getenv("FAULT_ROOT");
    return root && strncmp(path, root, strlen(root)) == 0;
}

/* Lines are written past our own functions: the log may lie anywhere. */
static void note(const char *name, const char *path, const char *other) {
    const char *log = getenv("FAULT_LOG");
    FILE *file = log ? fopen(log, "a") : NULL;
    if (!file)
        return;
    fprintf(file, "%s\t%s\t%s\n", name, path, other);
    fclose(file);
}

/* Counts a change; true when it must fail. Changes of several threads are counted one by one. */
static int hinders(const char *name, int needs_space, const char *path, const char *other) {
    char one[2 * PATH_MAX], two[2 * PATH_MAX];
    path = absolute(path, one);
    other = other[0] ? absolute(other, two) : other;
    if (!is_inside(path) && !is_inside(other))
        return 0;
    const char *at = getenv("FAULT_AT"), *how = getenv("FAULT_HOW");
    pthread_mutex_lock(&lock);
    long number = changes++;
    int is_due = at && number >= atol(at);
    if (is_due && strcmp(how, "kill") == 0)
        raise(SIGKILL);
    int fails = is_due && needs_space;
    if (!fails)
        note(name, path, other);
    pthread_mutex_unlock(&lock);
    if (fails)
        errno = ENOSPC;
    return fails;
}

/* Whether a path is, or lies below, the one that cannot be read. */
static int fails(const char *path) {
    char full[2 * PATH_MAX];
    const char *failing = getenv("FAULT_EIO");
    if (!failing)
        return 0;
    path = absolute(path, full);
    size_t length = strlen(failing);
    return strncmp(path, failing, length) == 0 && (path[length] == 0 || path[length] == '/');
}

static int hinders_fd(const char *name, int needs_space, int fd) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0)
        return 0;
    path[length] = 0;
    return hinders(name, needs_space, path, "");
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *bytes, size_t count) {
    return hinders_fd("write", 1, fd) ? -1 : NEXT(write)(fd, bytes, count);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    return hinders_fd("write", 1, fd) ? -1 : NEXT(writev)(fd, parts, count);
}

int ftruncate64(int fd, off64_t length) {
    return hinders_fd("truncate", 0, fd) ? -1 : NEXT(ftruncate64)(fd, length);
}

int fsync(int fd) {
    return hinders_fd("sync", 0, fd) ? -1 : NEXT(fsync)(fd);
}

int fdatasync(int fd) {
    return hinders_fd("sync", 0, fd) ? -1 : NEXT(fdatasync)(fd);
}

int open64(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    if (fails(path)) {
        errno = EIO;
        return -1;
    }
    int is_new = (flags & O_CREAT) && access(path, F_OK) != 0;
    if (is_new && hinders("create", 1, path, ""))
        return -1;
    return NEXT(open64)(path, flags, mode);
}

DIR *opendir(const char *path) {
    if (fails(path)) {
        errno = EIO;
        return NULL;
    }
    return NEXT(opendir)(path);
}

/* Names that are given of the folder whose reading breaks off, . and .. among them. */
#define NAMES 4

struct dirent64 *readdir64(DIR *folder) {
    static int given;
    char link[64], path[PATH_MAX];
    const char *failing = getenv("FAULT_NAMES");
    if (failing) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", dirfd(folder));
        ssize_t length = readlink(link, path, sizeof path - 1);
        path[length > 0 ? length : 0] = 0;
        if (strcmp(path, failing) == 0 && given++ == NAMES) {
            errno = EIO;
            return NULL;
        }
    }
    return NEXT(readdir64)(folder);
}

int mkdir(const char *path, mode_t mode) {
    int is_new = access(path, F_OK) != 0;
    return is_new && hinders("mkdir", 1, path, "") ? -1 : NEXT(mkdir)(path, mode);
}

int symlink(const char *target, const char *path) {
    return hinders("symlink", 1, path, "") ? -1 : NEXT(symlink)(target, path);
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
    return hinders("link", 1, to, from) ? -1 : NEXT(linkat)(from_folder, from, to_folder, to, flags);
}

int rename(const char *from, const char *to) {
    return hinders("rename", 1, to, from) ? -1 : NEXT(rename)(from, to);
}

int unlink(const char *path) {
    return hinders("unlink", 0, path, "") ? -1 : NEXT(unlink)(path);
}
