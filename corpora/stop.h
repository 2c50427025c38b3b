#pragma once

#include <exception>
#include <functional>
#include <memory>

#include "corpora/dataset.h"

namespace weft::corpora {

/// True once nobody wants the corpus any more. Asked at least once a megabyte.
using Stop = std::function<bool()>;

/// A corpus that was not opened because of that.
class Stopped : public std::exception {
 public:
  const char* what() const noexcept override { return "stopped"; }
};

/// open_dataset(request) that can be stopped on the way. Throws Stopped, and leaves nothing behind.
std::unique_ptr<Dataset> open_dataset(const ReaderRequest& request, const Stop& stop);

}  // namespace weft::corpora
