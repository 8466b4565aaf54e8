/*
 * A disk that fails on command, between a program and its system (LD_PRELOAD).
 *
 * Every call that changes a file below FAULTY_FOLDER is counted; at the one that the control page names it
 * kills the program, tears the write, fails, or takes its time. With FAULTY_TAPE, everything that reached
 * the files is put down in order, so that a test can tell what a power cut at any moment would have left.
 *
 * The control page is FAULTY_PAGE, a file that the test reads and writes meanwhile (layout: faulty.rs).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { NOTHING, KILL, TEAR, FAIL_EIO, FAIL_ENOSPC, SLOW_SYNCS, LIE_ABOUT_THE_WAL, FAIL_EROFS, FAIL_READS };

/* Numbers of 64 bits, in the order of `Page` in faulty.rs. */
struct page {
    uint64_t calls, bytes, syncs; /* told to the test */
    uint64_t deed, at, for_ever, slow_ms; /* told by the test */
    uint64_t reads, befell; /* told to the test */
};

static struct page nobody;
static struct page *page = &nobody;
static const char *folder;
static size_t folder_len;
static int tape = -1;
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_read)(int, void *, size_t), (*real_pread)(int, void *, size_t, off_t);
static int (*real_fsync)(int), (*real_fdatasync)(int), (*real_ftruncate)(int, off_t);
static int (*real_unlink)(const char *), (*real_rename)(const char *, const char *);
static int (*real_openat)(int, const char *, int, ...);

__attribute__((constructor)) static void begin(void)
{
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_read = dlsym(RTLD_NEXT, "read");
    real_pread = dlsym(RTLD_NEXT, "pread64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    real_rename = dlsym(RTLD_NEXT, "rename");
    real_openat = dlsym(RTLD_NEXT, "openat64");
    folder = getenv("FAULTY_FOLDER");
    folder_len = folder ? strlen(folder) : 0;
    const char *name = getenv("FAULTY_PAGE");
    if (name) {
        int fd = real_openat(AT_FDCWD, name, O_RDWR | O_CLOEXEC);
        void *mapped = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (fd < 0 || mapped == MAP_FAILED)
            abort();
        page = mapped;
        close(fd);
    }
    name = getenv("FAULTY_TAPE");
    if (name && (tape = real_openat(AT_FDCWD, name, O_WRONLY | O_APPEND | O_CLOEXEC)) < 0)
        abort();
}

static int is_ours(const char *path)
{
    return folder && strncmp(path, folder, folder_len) == 0 && (path[folder_len] == '/' || !path[folder_len]);
}

/* The name of an open file below the folder, "" for the folder itself; NULL for any other. */
static const char *name_of(int fd, char path[PATH_MAX])
{
    char link[32];
    if (!folder)
        return NULL;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, path, PATH_MAX - 1);
    if (len < 0)
        return NULL;
    path[len] = 0;
    if (!is_ours(path))
        return NULL;
    return path[folder_len] ? path + folder_len + 1 : "";
}

static int is_wal(const char *name)
{
    size_t len = strlen(name);
    return len > 4 && strcmp(name + len - 4, "-wal") == 0;
}

/* One line of the tape: a word, names, two numbers, and bytes. */
static void put_down(const char *word, const char *name, const char *to, uint64_t at, const void *bytes, size_t len)
{
    char line[2 * PATH_MAX + 64];
    if (tape < 0)
        return;
    int n = snprintf(line, sizeof line, "%s\t%s\t%s\t%llu\t%zu\n", word, name, to, (unsigned long long)at, len);
    char *whole = malloc(n + len);
    memcpy(whole, line, n);
    if (len)
        memcpy(whole + n, bytes, len);
    if (real_write(tape, whole, n + len) != (ssize_t)(n + len))
        abort();
    free(whole);
}

/* Whether it is the one that shall not go well. The lock is held. */
static int is_the_one(uint64_t call)
{
    int due = page->at && (call == page->at || (page->for_ever && call > page->at));
    page->befell += due;
    return due;
}

static int is_due(void)
{
    uint64_t call = ++page->calls;
    return page->deed != NOTHING && page->deed != FAIL_READS && is_the_one(call);
}

/* What happens at a call that is due: 0 goes on, else the error. */
static int befall(void)
{
    switch (page->deed) {
    case KILL:
    case TEAR:
        kill(getpid(), SIGKILL);
        for (;;)
            pause();
    case FAIL_EIO:
        return EIO;
    case FAIL_ENOSPC:
        return ENOSPC;
    case FAIL_EROFS:
        return EROFS;
    }
    return 0;
}

static ssize_t written(int fd, const void *bytes, size_t len, off_t at)
{
    if (at >= 0)
        return real_pwrite(fd, bytes, len, at);
    return real_write(fd, bytes, len);
}

static ssize_t change(int fd, const void *bytes, size_t len, off_t at)
{
    char path[PATH_MAX];
    const char *name = name_of(fd, path);
    if (!name)
        return written(fd, bytes, len, at);
    pthread_mutex_lock(&one_at_a_time);
    int due = is_due();
    if (due && page->deed == TEAR && len > 1)
        written(fd, bytes, len / 2, at);
    int error = due ? befall() : 0;
    ssize_t done = -1;
    if (!error) {
        off_t place = at;
        struct stat file;
        if (at < 0)
            place = fcntl(fd, F_GETFL) & O_APPEND ? (fstat(fd, &file), file.st_size) : lseek(fd, 0, SEEK_CUR);
        done = written(fd, bytes, len, at);
        error = errno;
        if (done > 0) {
            page->bytes += done;
            put_down("write", name, "", place, bytes, done);
        }
    }
    pthread_mutex_unlock(&one_at_a_time);
    errno = error;
    return done;
}

/* Reads are counted apart: a kill or a full disk does not meet them. */
static int cannot_be_read(int fd)
{
    char path[PATH_MAX];
    if (!name_of(fd, path))
        return 0;
    pthread_mutex_lock(&one_at_a_time);
    uint64_t read = ++page->reads;
    int due = page->deed == FAIL_READS && is_the_one(read);
    pthread_mutex_unlock(&one_at_a_time);
    errno = due ? EIO : errno;
    return due;
}

ssize_t read(int fd, void *bytes, size_t len)
{
    /* Somebody may read before we have begun. */
    if (!real_read)
        real_read = dlsym(RTLD_NEXT, "read");
    return cannot_be_read(fd) ? -1 : real_read(fd, bytes, len);
}

ssize_t pread(int fd, void *bytes, size_t len, off_t at)
{
    return cannot_be_read(fd) ? -1 : real_pread(fd, bytes, len, at);
}
ssize_t pread64(int fd, void *bytes, size_t len, off_t at)
{
    return cannot_be_read(fd) ? -1 : real_pread(fd, bytes, len, at);
}

ssize_t write(int fd, const void *bytes, size_t len) { return change(fd, bytes, len, -1); }
ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at) { return change(fd, bytes, len, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t len, off_t at) { return change(fd, bytes, len, at); }

static int sync_with(int fd, int (*real)(int))
{
    char path[PATH_MAX];
    const char *name = name_of(fd, path);
    if (!name)
        return real(fd);
    pthread_mutex_lock(&one_at_a_time);
    int error = is_due() ? befall() : 0;
    int done = -1;
    if (!error) {
        page->syncs++;
        int lies = page->deed == LIE_ABOUT_THE_WAL && is_wal(name);
        done = lies ? 0 : real(fd);
        error = errno;
        if (!done && !lies)
            put_down("sync", name, "", 0, NULL, 0);
    }
    uint64_t slow = page->deed == SLOW_SYNCS ? page->slow_ms : 0;
    pthread_mutex_unlock(&one_at_a_time);
    struct timespec nap = { slow / 1000, slow % 1000 * 1000000 };
    if (slow)
        nanosleep(&nap, NULL);
    errno = error;
    return done;
}

int fsync(int fd) { return sync_with(fd, real_fsync); }
int fdatasync(int fd) { return sync_with(fd, real_fdatasync); }

static int cut_to(int fd, off_t len)
{
    char path[PATH_MAX];
    const char *name = name_of(fd, path);
    if (!name)
        return real_ftruncate(fd, len);
    pthread_mutex_lock(&one_at_a_time);
    int error = is_due() ? befall() : 0, done = -1;
    if (!error) {
        done = real_ftruncate(fd, len);
        error = errno;
        if (!done)
            put_down("truncate", name, "", len, NULL, 0);
    }
    pthread_mutex_unlock(&one_at_a_time);
    errno = error;
    return done;
}

int ftruncate(int fd, off_t len) { return cut_to(fd, len); }
int ftruncate64(int fd, off_t len) { return cut_to(fd, len); }

int unlink(const char *path)
{
    if (!is_ours(path))
        return real_unlink(path);
    pthread_mutex_lock(&one_at_a_time);
    const char *name = path + folder_len + 1;
    int error = is_due() ? befall() : 0, done = -1;
    if (!error) {
        done = real_unlink(path);
        error = errno;
        if (!done)
            put_down("unlink", name, "", 0, NULL, 0);
    }
    pthread_mutex_unlock(&one_at_a_time);
    errno = error;
    return done;
}

int rename(const char *from, const char *to)
{
    if (!is_ours(from))
        return real_rename(from, to);
    pthread_mutex_lock(&one_at_a_time);
    const char *name = from + folder_len + 1;
    int error = is_due() ? befall() : 0, done = -1;
    if (!error) {
        done = real_rename(from, to);
        error = errno;
        if (!done)
            put_down("rename", name, is_ours(to) ? to + folder_len + 1 : to, 0, NULL, 0);
    }
    pthread_mutex_unlock(&one_at_a_time);
    errno = error;
    return done;
}

/* Only what makes a file, or empties one, changes the disk. */
static int opened(int at, const char *path, int flags, mode_t mode)
{
    struct stat file;
    int absent = (flags & O_CREAT) && is_ours(path) && stat(path, &file) != 0;
    int empties = (flags & O_TRUNC) && is_ours(path) && stat(path, &file) == 0 && file.st_size > 0;
    if (!absent && !empties)
        return real_openat(at, path, flags, mode);
    pthread_mutex_lock(&one_at_a_time);
    const char *name = path + folder_len + 1;
    int error = is_due() ? befall() : 0, fd = -1;
    if (!error) {
        fd = real_openat(at, path, flags, mode);
        error = errno;
        if (fd >= 0)
            put_down(absent ? "create" : "truncate", name, "", 0, NULL, 0);
    }
    pthread_mutex_unlock(&one_at_a_time);
    errno = error;
    return fd;
}

#define MODE_OF(flags)                                                                                                 \
    mode_t mode = 0;                                                                                                   \
    if (((flags) & O_CREAT) || ((flags) & O_TMPFILE) == O_TMPFILE) {                                                                            \
        va_list rest;                                                                                                  \
        va_start(rest, flags);                                                                                         \
        mode = va_arg(rest, mode_t);                                                                                   \
        va_end(rest);                                                                                                  \
    }

int open(const char *path, int flags, ...) { MODE_OF(flags) return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE_OF(flags) return opened(AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE_OF(flags) return opened(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE_OF(flags) return opened(at, path, flags, mode); }
