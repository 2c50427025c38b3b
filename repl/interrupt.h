#pragma once

namespace weft::repl {

/// Ctrl-C asks for a stop, which long work looks for between steps; a second one while the first still waits
/// ends the process as usual.
class Interrupt {
 public:
  static void install();
  static bool requested();
  static void clear();
};

}  // namespace weft::repl
