#include "corpora/stop.h"

#include "tests/catch2.h"
#include "tests/corpora/files.h"

using namespace weft::corpora;

TEST_CASE("stop: an opening that nobody waits for ends") {
  for (const char* reader : {"lines", "tsv"}) {
    std::string text;
    while (text.size() < (std::size_t{5} << 20)) text += "yes\tone line more of words\nno\tanother one\n";
    const Files files;
    const ReaderRequest request = request_of(reader, files.write("long.txt", text), 4, 5);
    int asked = 0;
    CHECK_THROWS_AS(open_dataset(request, [&] { return ++asked == 3; }), Stopped);
    CHECK(asked == 3);
    CHECK(open_dataset(request, [&] { return ++asked == 0; })->batches(Split::train) > 0);
    CHECK(asked > 6);  // at least once a megabyte
  }
}
