#include "tensor/memory.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <limits>

namespace weft {

namespace {

constexpr std::int64_t kUnknown = std::numeric_limits<std::int64_t>::max();

/// The number a file consists of; kUnknown where there is none ("max").
std::int64_t number_in(const char* path) {
  std::ifstream file(path);
  std::int64_t n = 0;
  return file >> n ? n : kUnknown;
}

/// "MemAvailable:   123456 kB" of /proc/meminfo.
std::int64_t free_in_the_machine() {
  std::ifstream file("/proc/meminfo");
  for (std::string word; file >> word;) {
    std::int64_t kilobytes = 0;
    if (word == "MemAvailable:" && file >> kilobytes) return kilobytes * 1024;
  }
  return kUnknown;
}

std::int64_t free_in_the_group() {
  const std::int64_t most = number_in("/sys/fs/cgroup/memory.max");
  const std::int64_t used = number_in("/sys/fs/cgroup/memory.current");
  if (most == kUnknown || used == kUnknown) return kUnknown;
  // What is only kept of files is given up when it is needed.
  std::int64_t kept = 0;
  std::ifstream file("/sys/fs/cgroup/memory.stat");
  for (std::string word; file >> word;) {
    if (word == "inactive_file" && file >> kept) break;
  }
  return std::max<std::int64_t>(most - used + kept, 0);
}

}  // namespace

std::int64_t free_memory() {
  return std::min(free_in_the_machine(), free_in_the_group());
}

std::string memory_size(std::int64_t bytes) {
  static constexpr const char* kUnits[] = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  auto value = static_cast<double>(bytes);
  int unit = 0;
  while (value >= 1024 && unit < 6) value /= 1024, ++unit;
  if (unit == 0) return std::to_string(bytes) + " bytes";
  char text[32];
  std::snprintf(text, sizeof text, "%.2f ", value);
  return text + std::string(kUnits[unit]);
}

}  // namespace weft
