#include "corpora/text_blocks.h"

#include <sys/stat.h>
#include <unistd.h>

#include <map>
#include <thread>
#include <vector>

#include "corpora/watch.h"
#include "tests/catch2.h"
#include "tests/corpora/files.h"
#include "tests/corpora/packed.h"

using namespace weft::corpora;
using weft::nlp::TextBlock;
using Strings = std::vector<std::string>;

namespace {

TextOptions of_blocks(std::size_t bytes) {
  TextOptions options;
  options.block_bytes = bytes;
  return options;
}

/// One string a block: "> " in front of one that goes on with a line, and " >" behind one whose line goes on.
Strings blocks_of(FileBlocks& blocks) {
  Strings all;
  for (TextBlock block; blocks.next(block);) {
    CHECK(block.number == static_cast<std::int64_t>(all.size()));
    all.push_back((block.starts_line ? "" : "> ") + std::string(block.text) + (block.ends_line ? "" : " >"));
  }
  return all;
}
Strings blocks_of(const std::string& path, std::size_t bytes = 1 << 20) {
  FileBlocks blocks(path, of_blocks(bytes));
  return blocks_of(blocks);
}

std::string text_of(FileBlocks& blocks) {
  std::string text;
  for (TextBlock block; blocks.next(block);) text += block.text;
  return text;
}

std::string fault(const std::string& path, TextOptions options = {}) {
  try {
    FileBlocks blocks(path, std::move(options));
    blocks_of(blocks);
  } catch (const DataError& error) {
    const std::string message = error.what();
    return message.rfind(path, 0) == 0 ? message.substr(path.size()) : message;
  }
  return {};
}

const std::string kLatinHint =
    " (convert it, as with: iconv -f LATIN1 -t UTF-8; or set `invalid` to replace or skip)";

std::string numbered(int from, int to) {
  std::string text;
  for (int i = from; i < to; ++i) text += "line number " + std::to_string(i) + (i % 7 == 0 ? "\r\n" : "\n");
  return text;
}

}  // namespace

TEST_CASE("text blocks: whole lines, their ends kept, the last one's added") {
  const Files files;
  CHECK(blocks_of(files.write("a", "one\ntwo\n")) == Strings{"one\ntwo\n"});
  CHECK(blocks_of(files.write("b", "one\r\n\ntwo")) == Strings{"one\r\n\ntwo\n"});
  CHECK(blocks_of(files.write("c",
                              "\xEF\xBB\xBF"
                              "one\n")) == Strings{"one\n"});
  CHECK(blocks_of(files.write("d", "\xEF\xBB\xBF")).empty());
  CHECK(blocks_of(files.write("e", "")).empty());
  const std::string forty(40, 'x'), thirty(30, 'y');
  CHECK(blocks_of(files.write("f", forty + "\n" + thirty + "\n" + thirty + "\n" + forty), 64) ==
        Strings{forty + "\n", thirty + "\n" + thirty + "\n", forty + "\n"});
}

TEST_CASE("text blocks: the same from plain, packed and piped files") {
  const Files files;
  std::string text = "\xEF\xBB\xBF" + numbered(0, 40);
  for (int i = 0; i < 60; ++i) text += "wörter" + std::to_string(i) + (i % 20 == 19 ? "\n" : " ");
  text += std::string(200, 'x') + "\n" + numbered(0, 9) +
          "字字字字字字字字字字字字字字字字字字字字字字字字字字字字字字";
  const auto plain = files.write("plain", text);
  const auto half = text.size() / 2;
  const std::string two_members = gzipped(text.substr(0, half)) + gzipped(text.substr(half));
  const std::string two_frames = zstd_packed(text.substr(0, half)) + zstd_packed(text.substr(half));
  for (const std::size_t bytes : {64, 65, 67, 100, 1000, 1 << 20}) {
    const Strings expected = blocks_of(plain, bytes);
    CHECK(blocks_of(files.write("a.gz", gzipped(text)), bytes) == expected);
    CHECK(blocks_of(files.write("b", two_members), bytes) == expected);
    CHECK(blocks_of(files.write("c", two_members + std::string(700, '\0')), bytes) == expected);
    CHECK(blocks_of(files.write("d.zst", zstd_packed(text)), bytes) == expected);
    CHECK(blocks_of(files.write("e", two_frames), bytes) == expected);
    const auto fifo = files.path("fifo" + std::to_string(bytes));
    REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
    FileBlocks piped(fifo, of_blocks(bytes));
    CHECK_FALSE(piped.can_rewind());
    CHECK(piped.bytes() == 0);
    std::thread writer([&] { std::ofstream(fifo, std::ios::binary) << text; });
    CHECK(blocks_of(piped) == expected);
    writer.join();
    CHECK_THROWS_AS(piped.rewind(), DataError);

    std::string joined;
    for (std::string block : expected) {
      if (block.starts_with("> ")) block.erase(0, 2);
      if (block.ends_with(" >")) block.resize(block.size() - 2);
      CHECK(block.size() <= bytes);
      joined += block;
    }
    CHECK(joined == text.substr(3) + "\n");
  }
}

TEST_CASE("text blocks: several files, by pattern and one by one") {
  const Files files;
  const auto one = files.write("one.txt", "a\nb"),
             two = files.write("two.txt",
                               "\xEF\xBB\xBF"
                               "c\n"),
             three = files.write("three.log", gzipped("d\n"));
  std::filesystem::create_directory(files.path("four.txt"));
  CHECK(blocks_of(files.path("*.txt")) == Strings{"a\nb\n", "c\n"});
  CHECK(blocks_of(files.path("{two.txt,three.log}")) == Strings{"d\n", "c\n"});
  FileBlocks listed({two, one});
  CHECK(blocks_of(listed) == Strings{"c\n", "a\nb\n"});
  listed.rewind();
  CHECK(blocks_of(listed) == Strings{"c\n", "a\nb\n"});
  // A file that is called so comes before a pattern.
  CHECK(blocks_of(files.write("[ab].txt", "e\n")) == Strings{"e\n"});
  CHECK(fault(files.path("*.csv")) ==
        ": no file is called so, and none matches it as a pattern (a relative path starts at the working "
        "directory)");
  CHECK_THROWS_AS(FileBlocks(Strings{}), std::invalid_argument);
}

TEST_CASE("text blocks: lines are told of each block, each file from 1") {
  const Files files;
  const std::string text = numbered(1, 50);
  const auto plain = files.write("plain", text), packed = files.write("packed", gzipped(text));
  FileBlocks blocks({plain, packed}, of_blocks(64));
  std::map<std::string, std::int64_t> next_line;
  for (TextBlock block; blocks.next(block);) {
    const TextPlace at = blocks.place_of(block, 0);
    CHECK(at.line == 1 + next_line[at.file]);
    CHECK(block.text.starts_with("line number " + std::to_string(at.line)));
    for (const char c : block.text) next_line[at.file] += c == '\n';
    CHECK(blocks.line_of(block, block.text.size() - 1) == next_line[at.file]);
  }
  CHECK(next_line == std::map<std::string, std::int64_t>{{plain, 49}, {packed, 49}});
}

TEST_CASE("text blocks: several threads get each block once, pass after pass") {
  const Files files;
  const std::string text = numbered(0, 3000);
  FileBlocks blocks({files.write("a", text), files.write("b", zstd_packed(text)), files.path("a")},
                    of_blocks(256));
  CHECK(blocks.can_rewind());
  CHECK(blocks.bytes() > 2 * static_cast<std::int64_t>(text.size()));
  for (int pass = 0; pass < 2; ++pass) {
    std::map<std::int64_t, std::string> by_number;
    std::mutex mutex;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (TextBlock block; blocks.next(block);) {
          const std::lock_guard lock(mutex);
          by_number[block.number] = block.text;
        }
      });
    }
    for (auto& thread : threads) thread.join();
    std::string joined;
    for (const auto& [number, part] : by_number) joined += part;
    CHECK(joined == text + text + text);
    CHECK(blocks.bytes_read() == blocks.bytes());
    blocks.rewind();
    CHECK(blocks.bytes_read() == 0);
  }
}

TEST_CASE("text blocks: faults name file, line and byte") {
  const Files files;
  CHECK(fault(files.path("none")) == ": no such file (a relative path starts at the working directory)");
  files.write("corpus.txt", "a\n");
  CHECK(fault(files.path("copus.txt")) == ": no such file (did you mean " + files.path("corpus.txt") + "?)");
  CHECK(fault(files.path("")) ==
        ": is a directory (give the path of a text file, or a pattern: " + files.path("*.txt") + ")");
  CHECK(fault(files.write("latin1", "one\ncaf\xE9 noir\n")) ==
        ":2: not UTF-8 at byte 3 of the line (byte 7 of the file)" + kLatinHint);
  CHECK(fault(files.write("cut", "one\ntwo \xE4\xB8")) ==
        ":2: not UTF-8 at byte 4 of the line (byte 8 of the file)" + kLatinHint);
  CHECK(fault(files.write("nul", std::string("one\ntw\0\xFF", 8))) ==
        ":2: a NUL at byte 2 of the line (byte 6 of the file) (expected a text file in UTF-8)");
  CHECK(fault(files.write("bommed", "\xEF\xBB\xBF\xFF")) ==
        ":1: not UTF-8 at byte 0 of the line (byte 3 of the file)" + kLatinHint);
  for (const auto& far : {std::string(500, 'x') + "\xFF", "\n\n" + std::string(500, 'x') + "\xFF"}) {
    const std::string where = far[0] == 'x' ? "1: not UTF-8 at byte 500 of the line (byte 500"
                                            : "3: not UTF-8 at byte 500 of the line (byte 502";
    CHECK(fault(files.write("far", far), of_blocks(64)) == ":" + where + " of the file)" + kLatinHint);
    CHECK(fault(files.write("far.gz", gzipped(far)), of_blocks(64)) ==
          ":" + where + " of the file)" + kLatinHint);
  }
  if (::geteuid() != 0) {  // root may read everything
    const auto locked = files.write("locked", "text");
    std::filesystem::permissions(locked, std::filesystem::perms::none);
    CHECK(fault(locked) == ": can't be opened: Permission denied (check the file's permissions)");
  }
  CHECK(fault(files.write("xz", std::string("\xFD"
                                            "7zXZ\0....",
                                            10))) ==
        ": is packed by xz, which is not read (unpack it, or pipe it in: xz -dc FILE | weft .. -)");
  CHECK(fault(files.write("utf16", std::string("\xFF\xFE"
                                               "a\0",
                                               4))) ==
        ": is text in UTF-16, which is not read (convert it, as with: iconv -f UTF-16 -t UTF-8)");
}

TEST_CASE("text blocks: after a fault every call throws it") {
  const Files files;
  FileBlocks blocks(files.write("t", "ok\n" + std::string(70, 'x') + "\n\xFF\n"), of_blocks(72));
  TextBlock block;
  CHECK(blocks.next(block));
  while (true) {
    try {
      if (!blocks.next(block)) FAIL("no fault");
    } catch (const DataError&) {
      break;
    }
  }
  CHECK_THROWS_AS(blocks.next(block), DataError);
  CHECK_THROWS_AS(blocks.rewind(), DataError);
}

TEST_CASE("text blocks: packed data that is cut short, damaged or goes on as something else") {
  const Files files;
  const std::string text = numbered(0, 20000);
  const std::string gz = gzipped(text), zst = zstd_packed(text);
  const std::string cut = fault(files.write("cut.gz", gz.substr(0, gz.size() / 2)));
  const std::string hint =
      ": the file is cut short: its gzip data ends in the middle (was it copied or downloaded whole?)";
  CHECK(cut.ends_with(hint));
  const int line = std::stoi(cut.substr(1));
  CHECK(line > 5000);
  CHECK(line < 15000);
  CHECK(fault(files.write("no_end.gz", gz.substr(0, gz.size() - 1))) == ":20001" + hint);
  CHECK(fault(files.write("head.gz", gz.substr(0, 5))) == ":1" + hint);
  CHECK(fault(files.write("cut.zst", zst.substr(0, zst.size() - 1)))
            .ends_with(": the file is cut short: its zstd data ends in the middle (was it copied or "
                       "downloaded whole?)"));
  std::string damaged = gz;
  damaged[damaged.size() - 6] ^= 1;
  CHECK(fault(files.write("damaged.gz", damaged)) ==
        ":20001: its gzip data is damaged: incorrect data check");
  damaged = zst;
  damaged[damaged.size() / 2] ^= 0x55;
  CHECK(fault(files.write("damaged.zst", damaged)).find(": its zstd data is damaged: ") != std::string::npos);
  CHECK(fault(files.write("more.gz", gz + "more")) == ":20001: there are other bytes behind its gzip data");
}

TEST_CASE("text blocks: a bomb is stopped, unless it is meant") {
  const Files files;
  const std::string line(1023, 'a');
  std::string text;
  for (int i = 0; i < 200; ++i) text += line + "\n";
  TextOptions options = of_blocks(4096);
  options.expansion.always_allowed = 100 << 10;
  for (const auto& packed : {gzipped(text), zstd_packed(text)}) {
    const auto path = files.write("bomb", packed);
    const std::string message = fault(path, options);
    CHECK(message.ends_with(
        ": unpacks to more than 200 times its size (if that is meant, set `expansion` to 2000)"));
    REQUIRE(message.starts_with(":"));
    CHECK(std::stoi(message.substr(1)) > 100);  // 100 KiB are 100 lines
    TextOptions more = options;
    more.expansion.most_expansion = 20000;
    CHECK(fault(path, more).empty());
    CHECK(fault(path).empty());  // 200 KiB are no harm
  }
}

TEST_CASE("text blocks: invalid bytes replaced or left out, and counted") {
  const Files files;
  // Maximal subparts, as in the Unicode Standard's table 3-8: E1 80 | E2 | F0 91 92 | F1 BF | 41.
  const std::string text =
      std::string("a\n\x61\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", 12) + std::string("\0b\n", 3);
  TextOptions options;
  options.invalid = Invalid::replace;
  FileBlocks replaced(files.write("t", text), options);
  CHECK(text_of(replaced) == "a\na\uFFFD\uFFFD\uFFFD\uFFFDA\uFFFDb\n");
  CHECK(replaced.mended() == 5);
  CHECK(replaced.note() ==
        "5 places that can't be read as UTF-8 replaced by U+FFFD, the first in " + files.path("t") + ":2");
  options.invalid = Invalid::skip;
  FileBlocks skipped(files.path("t"), options);
  CHECK(text_of(skipped) == "a\naAb\n");
  CHECK(skipped.note() ==
        "5 places that can't be read as UTF-8 left out, the first in " + files.path("t") + ":2");
  FileBlocks good(files.write("g", "good\n"), options);
  CHECK(text_of(good) == "good\n");
  CHECK(good.note().empty());
  // A block of nothing else takes no longer than it should.
  FileBlocks bad(files.write("bad", std::string(1 << 20, '\xFF') + std::string(1 << 18, '\0')), options);
  CHECK(text_of(bad) == "\n");
  CHECK(bad.mended() == (1 << 20) + (1 << 18));
}

TEST_CASE("text blocks: stopped between two blocks") {
  const Files files;
  TextOptions options = of_blocks(64);
  int asked = 0;
  options.watch = [&](std::int64_t, std::int64_t) { return ++asked == 3; };
  FileBlocks blocks(files.write("t", numbered(0, 100)), options);
  TextBlock block;
  CHECK(blocks.next(block));
  CHECK(blocks.next(block));
  CHECK_THROWS_AS(blocks.next(block), Stopped);
}

TEST_CASE("data error: the parts and the message") {
  const DataError error("a.txt", 3, "what", "hint");
  CHECK(std::string(error.what()) == "a.txt:3: what (hint)");
  CHECK(error.file() == "a.txt");
  CHECK(error.line() == 3);
  CHECK(error.hint() == "hint");
  CHECK(std::string(DataError("a.txt", 0, "what").what()) == "a.txt: what");
}
