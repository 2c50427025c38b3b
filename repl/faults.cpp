#include "repl/faults.h"

#include <cstdio>
#include <new>
#include <stdexcept>
#include <string>

#include "corpora/dataset.h"
#include "repl/exit_code.h"
#include "tensor/safetensors.h"

namespace weft::repl {

namespace {

int tell(const std::string& message, ExitCode code) {
  std::fprintf(stderr, "weft: %s\n", message.c_str());
  return code;
}

}  // namespace

int guarded(const std::function<int()>& command) {
  try {
    return command();
  } catch (const corpora::DataError& e) {
    return tell(e.what(), ExitCode::bad_data);
  } catch (const ModelFileError& e) {
    return tell(e.what(), ExitCode::bad_model);
  } catch (const std::bad_alloc&) {
    return tell("out of memory", ExitCode::failed);
  } catch (const std::logic_error& e) {
    return tell(std::string("this is a fault of weft itself: ") + e.what(), ExitCode::failed);
  } catch (const std::exception& e) {
    return tell(e.what(), ExitCode::failed);
  }
}

}  // namespace weft::repl
