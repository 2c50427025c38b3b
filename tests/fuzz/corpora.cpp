#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "corpora/dataset.h"

namespace {

/// A file in memory that has a path.
std::string path_of(int file) {
  return "/proc/self/fd/" + std::to_string(file);
}

/// Every index of a batch must lie in its label set.
void check(const weft::corpora::Dataset& data, const weft::corpora::Batch& batch) {
  const auto& columns = data.schema().columns;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const auto labels = static_cast<std::int64_t>(data.labels(columns[c].labels).size());
    for (const std::int32_t i : batch.columns[c]) {
      if (i < 0 || i >= labels) std::abort();
    }
  }
}

}  // namespace

/// The first byte chooses the reader and what is done about invalid bytes; the rest is its file. Whatever it
/// holds gives batches, or a DataError.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weft::corpora;
  if (size == 0) return 0;
  const auto& schemas = readers();
  ReaderRequest request;
  const ReaderSchema& schema = schemas[(data[0] & 0x3F) % schemas.size()];
  request.reader = schema.name;
  request.invalid = static_cast<Invalid>((data[0] >> 6) % 3);
  request.extents.assign(schema.axes.size(), 5);
  request.tokens.kind = "chars";
  request.threads = 1;
  const int file = ::memfd_create("corpus", MFD_CLOEXEC);
  if (file < 0 || ::write(file, data + 1, size - 1) != static_cast<ssize_t>(size - 1)) std::abort();
  request.path = path_of(file);
  try {
    const auto corpus = open_dataset(request);
    for (const Split split : {Split::train, Split::valid}) {
      const auto stream = corpus->stream(split, 0);
      for (Batch batch; stream->next(batch);) check(*corpus, batch);
    }
  } catch (const DataError&) {
  }
  ::close(file);
  return 0;
}
