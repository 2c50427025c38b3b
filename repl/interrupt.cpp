#include "repl/interrupt.h"

#include <atomic>
#include <csignal>

namespace weft::repl {

namespace {

// A signal handler can reach nothing but a static; any thread may be the one that it interrupts.
std::atomic<bool> requested_by_signal = false;
static_assert(std::atomic<bool>::is_always_lock_free);

void on_interrupt(int signal) {
  if (!requested_by_signal.exchange(true)) return;
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

}  // namespace

void Interrupt::install() {
  struct sigaction action = {};
  action.sa_handler = on_interrupt;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
}

bool Interrupt::requested() {
  return requested_by_signal;
}
void Interrupt::clear() {
  requested_by_signal = false;
}

}  // namespace weft::repl
