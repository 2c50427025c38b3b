#include "nlp/text/in_child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <system_error>

namespace weft::nlp {

namespace {

// Sanitizers map terabytes. g++ tells of them by macros, clang by features.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kLimitMemory = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
constexpr bool kLimitMemory = false;
#else
constexpr bool kLimitMemory = true;
#endif
#else
constexpr bool kLimitMemory = true;
#endif

void set_limit(decltype(RLIMIT_CPU) what, rlim_t value) {
  const rlimit limit{value, value};
  ::setrlimit(what, &limit);
}

rlim_t mapped_bytes() {
  unsigned long pages = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%lu", &pages) != 1) pages = 0;
    std::fclose(file);
  }
  return static_cast<rlim_t>(pages) * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE));
}

[[noreturn]] void child(int to_parent, int seconds, FunctionRef<void()> work) {
  // Neither a debugger's nor anybody's handler has a part in this.
  for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGINT, SIGTERM})
    ::signal(signal, SIG_DFL);
  set_limit(RLIMIT_CORE, 0);
  set_limit(RLIMIT_CPU, static_cast<rlim_t>(seconds));
  if (const rlim_t mapped = mapped_bytes(); kLimitMemory && mapped > 0)
    set_limit(RLIMIT_AS, mapped + (rlim_t{4} << 30));
  if (const int nowhere = ::open("/dev/null", O_WRONLY); nowhere >= 0) {
    ::dup2(nowhere, 1);
    ::dup2(nowhere, 2);
  }
  char mark = 'r';
  std::string message;
  try {
    work();
  } catch (const std::exception& e) {
    mark = 't';
    message = e.what();
  }
  message.insert(message.begin(), mark);
  message.resize(std::min<std::size_t>(message.size(), 4096));  // a pipe takes that at once
  const bool told =
      ::write(to_parent, message.data(), message.size()) == static_cast<ssize_t>(message.size());
  ::_exit(told ? 0 : 1);
}

/// Reads until the child has closed its end or it is too late; false: too late.
bool read_until(int from_child, std::chrono::steady_clock::time_point deadline, std::string& message) {
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd wait{from_child, POLLIN, 0};
    const int ready = ::poll(&wait, 1, static_cast<int>(left.count()));
    if (ready < 0 && errno != EINTR) return false;
    if (ready <= 0) continue;
    char buffer[4096];
    const ssize_t got = ::read(from_child, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return true;
    message.append(buffer, static_cast<std::size_t>(got));
  }
}

}  // namespace

ChildEnd in_child(int seconds, FunctionRef<void()> work) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  const pid_t pid = ::fork();
  if (pid < 0) {
    const int error = errno;
    ::close(ends[0]);
    ::close(ends[1]);
    throw std::system_error(error, std::generic_category(), "fork");
  }
  if (pid == 0) child(ends[1], seconds, work);
  ::close(ends[1]);
  std::string message;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(2 * seconds);
  const bool in_time = read_until(ends[0], deadline, message);
  ::close(ends[0]);
  if (!in_time) ::kill(pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  if (!in_time || (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)) return {ChildEnd::Kind::late, ""};
  if (message.empty()) return {ChildEnd::Kind::died, ""};
  return {message[0] == 't' ? ChildEnd::Kind::threw : ChildEnd::Kind::returned, message.substr(1)};
}

}  // namespace weft::nlp
