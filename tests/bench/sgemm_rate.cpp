#include <cstdio>
#include <cstdlib>

#include "tests/bench/machine.h"

/// `sgemm_rate THREADS` prints the FLOP a second of a large product.
int main(int argc, char** argv) {
  const int threads = argc == 2 ? std::atoi(argv[1]) : 0;
  if (threads < 1) {
    std::fprintf(stderr, "usage: sgemm_rate THREADS\n");
    return 2;
  }
  std::printf("%.0f\n", weft::bench::sgemm_rate(threads));
}
