#include "repl/interrupt.h"

#include <csignal>

namespace weft::repl {

namespace {

// A signal handler can reach nothing but a static.
volatile std::sig_atomic_t requested_by_signal = 0;

void on_interrupt(int signal) {
  if (requested_by_signal) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
    return;
  }
  requested_by_signal = 1;
}

}  // namespace

void Interrupt::install() {
  struct sigaction action = {};
  action.sa_handler = on_interrupt;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
}

bool Interrupt::requested() {
  return requested_by_signal != 0;
}
void Interrupt::clear() {
  requested_by_signal = 0;
}

}  // namespace weft::repl
