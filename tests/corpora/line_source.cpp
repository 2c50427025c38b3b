#include "corpora/line_source.h"

#include <unistd.h>

#include <vector>

#include "tests/catch2.h"
#include "tests/corpora/files.h"

using namespace weft::corpora;

namespace {

/// "LINE:text" of each whole line.
std::vector<std::string> lines_of(const std::string& path, std::size_t buffer = LineSource::kBufferBytes) {
  LineSource source(path, buffer);
  std::vector<std::string> lines;
  for (LinePiece piece; source.next(piece);) {
    if (piece.first) lines.push_back(std::to_string(piece.line) + ":");
    lines.back() += piece.text;
  }
  return lines;
}

std::string fault(const std::string& path, std::size_t buffer = LineSource::kBufferBytes) {
  try {
    lines_of(path, buffer);
  } catch (const DataError& error) {
    return std::string(error.what()).substr(path.size());
  }
  return {};
}

}  // namespace

TEST_CASE("line source: line ends, byte order mark, empty lines") {
  const Files files;
  using Strings = std::vector<std::string>;
  CHECK(lines_of(files.write("a", "one\ntwo\n")) == Strings{"1:one", "2:two"});
  CHECK(lines_of(files.write("b", "one\ntwo")) == Strings{"1:one", "2:two"});
  CHECK(lines_of(files.write("c", "\xEF\xBB\xBFone\r\n\r\n \t\ntwo\r\n")) == Strings{"1:one", "4:two"});
  CHECK(lines_of(files.write("d", "\n\n\nx\ry \n")) == Strings{"4:x\ry "});
}

TEST_CASE("line source: a line longer than the buffer comes in pieces") {
  const Files files;
  std::string text;
  for (int i = 0; i < 200; ++i) text += "wörter" + std::to_string(i) + (i % 50 == 49 ? "\r\n" : " ");
  const auto path = files.write("long", text);
  for (const std::size_t buffer : {64, 65, 66, 67, 100, 1000, 100000}) {
    CHECK(lines_of(path, buffer) == lines_of(path));
    LineSource source(path, buffer);
    for (LinePiece piece; source.next(piece);) {
      CHECK(piece.text.size() <= buffer);
      if (!piece.last) CHECK(piece.text.back() != ' ');  // the white space goes with what follows
    }
  }
  const std::string dense =
      files.write("dense", std::string(1000, 'x') + "\n" + std::string(64, 'y') + "\nz");
  CHECK(lines_of(dense, 64) == lines_of(dense));
  CHECK(lines_of(dense).size() == 3);
}

TEST_CASE("line source: faults name file, line and byte") {
  const Files files;
  CHECK(fault(files.path("none")) == ": no such file (a relative path starts at the working directory)");
  CHECK(fault(files.path("")) == ": is a directory (give the path of a text file)");
  CHECK(fault(files.write("empty", "")) == ": the file holds no text (expected lines of UTF-8 text)");
  CHECK(fault(files.write("bom", "\xEF\xBB\xBF")) ==
        ": the file holds no text (expected lines of UTF-8 text)");
  CHECK(fault(files.write("blank", "\n \n\r\n\t\n")) ==
        ": the file holds no text (expected lines of UTF-8 text)");
  CHECK(fault(files.write("latin1", "one\ncaf\xE9 noir\n")) ==
        ":2: not UTF-8 at byte 3 of the line (byte 7 of the file) (convert it, as with: iconv -f LATIN1 -t "
        "UTF-8)");
  CHECK(fault(files.write("cut", "one\ntwo \xE4\xB8")) ==
        ":2: not UTF-8 at byte 4 of the line (byte 8 of the file) (convert it, as with: iconv -f LATIN1 -t "
        "UTF-8)");
  CHECK(fault(files.write("nul", std::string("one\ntw\0\xFF", 8))) ==
        ":2: a NUL at byte 2 of the line (byte 6 of the file) (expected a text file in UTF-8)");
  CHECK(fault(files.write("bommed", "\xEF\xBB\xBF\xFF")) ==
        ":1: not UTF-8 at byte 0 of the line (byte 3 of the file) (convert it, as with: iconv -f LATIN1 -t "
        "UTF-8)");
  CHECK(fault(files.write("far", std::string(500, 'x') + "\xFF"), 64) ==
        ":1: not UTF-8 at byte 500 of the line (byte 500 of the file) "
        "(convert it, as with: iconv -f LATIN1 -t UTF-8)");
  if (::geteuid() != 0) {  // root may read everything
    const auto locked = files.write("locked", "text");
    std::filesystem::permissions(locked, std::filesystem::perms::none);
    CHECK(fault(locked) == ": can't be opened: Permission denied (check the file's permissions)");
  }
}

TEST_CASE("data error: the parts and the message") {
  const DataError error("a.txt", 3, "what", "hint");
  CHECK(std::string(error.what()) == "a.txt:3: what (hint)");
  CHECK(error.file() == "a.txt");
  CHECK(error.line() == 3);
  CHECK(error.hint() == "hint");
  CHECK(std::string(DataError("a.txt", 0, "what").what()) == "a.txt: what");
}
