#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/fuzz/mutate_tokens.h"
#include "tests/fuzz/source_faults.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

/// Half of the changes are made to bytes, half to tokens.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most,
                                               unsigned seed) {
  if (seed % 2 == 0) return LLVMFuzzerMutate(data, size, most);
  const std::string changed =
      weft::fuzz::mutate_tokens(std::string(reinterpret_cast<const char*>(data), size), seed);
  const std::size_t bytes = changed.size() < most ? changed.size() : most;
  std::copy_n(changed.begin(), bytes, reinterpret_cast<char*>(data));
  return bytes;
}

/// Any bytes: parsed, told, printed, formatted and checked (see source_faults.h).
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string fault = weft::fuzz::source_faults(std::string(reinterpret_cast<const char*>(data), size));
  if (fault.empty()) return 0;
  std::fprintf(stderr, "%s\n", fault.c_str());
  std::abort();
}
