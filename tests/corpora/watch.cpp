#include "corpora/watch.h"

#include <algorithm>

#include "tests/catch2.h"
#include "tests/corpora/files.h"

using namespace weft::corpora;

TEST_CASE("watch: an opening that nobody waits for ends") {
  for (const char* reader : {"lines", "tsv"}) {
    std::string text;
    while (text.size() < (std::size_t{5} << 20)) text += "yes\tone line more of words\nno\tanother one\n";
    const Files files;
    const ReaderRequest request = request_of(reader, files.write("long.txt", text), 4, 5);
    const auto size = static_cast<std::int64_t>(text.size());
    std::vector<std::int64_t> read;
    bool told_size = true;
    const auto watch = [&](std::int64_t bytes, std::int64_t of) {
      read.push_back(bytes);
      told_size &= of == size;
      return read.size() == 3;
    };
    CHECK_THROWS_AS(open_dataset(request, watch), Stopped);
    CHECK(read.size() == 3);
    CHECK(told_size);
    CHECK(open_dataset(request, watch)->batches(Split::train) > 0);
    CHECK(read.size() > 9);  // at least once a megabyte
    CHECK(read[3] == 0);
    CHECK(std::is_sorted(read.begin() + 3, read.end()));
    CHECK(read.back() > size - (1 << 20));
  }
}
