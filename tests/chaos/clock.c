/* A wall clock that is wrong by as many nanoseconds as the file says that CLOCK_OFFSET names: eight
 * bytes, which whoever writes the file may change at any time. To be preloaded. What measures how
 * long something takes is left alone, as by a clock that is set.
 *
 * It needs no header and no library, so that any compiler of the GNU C library's platforms takes it.
 */
struct timespec { long seconds, nanoseconds; };
struct timeval { long seconds, microseconds; };

extern void *dlsym(void *handle, const char *name);
extern char *getenv(const char *name);
extern int open(const char *path, int flags, ...);
extern void *mmap(void *at, unsigned long bytes, int access, int flags, int file, long from);
extern int close(int file);

enum { SECOND = 1000000000, REALTIME = 0, REALTIME_COARSE = 5, PAGE = 4096, READ = 1, SHARED = 1 };

static int (*original)(int clock, struct timespec *now);
static const volatile long *offset;

static void begin(void) {
  const char *path = getenv("CLOCK_OFFSET");
  int file = path ? open(path, 0) : -1;
  void *mapped;
  if (file >= 0) {
    mapped = mmap(0, PAGE, READ, SHARED, file, 0);
    if (mapped != (void *)-1)
      offset = mapped;
    close(file);
  }
  original = (int (*)(int, struct timespec *))dlsym((void *)-1, "clock_gettime");
}

int clock_gettime(int clock, struct timespec *now) {
  long wrong;
  int failed;
  if (!original)
    begin();
  failed = original(clock, now);
  if (!failed && offset && (clock == REALTIME || clock == REALTIME_COARSE)) {
    wrong = *offset + now->nanoseconds;
    now->seconds += wrong / SECOND;
    now->nanoseconds = wrong % SECOND;
    if (now->nanoseconds < 0) {
      now->nanoseconds += SECOND;
      now->seconds -= 1;
    }
  }
  return failed;
}

int gettimeofday(struct timeval *now, void *zone) {
  struct timespec exact;
  int failed = clock_gettime(REALTIME, &exact);
  now->seconds = exact.seconds;
  now->microseconds = exact.nanoseconds / 1000;
  return failed;
}

long time(long *kept) {
  struct timespec exact;
  clock_gettime(REALTIME, &exact);
  if (kept)
    *kept = exact.seconds;
  return exact.seconds;
}
