#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "nlp/embedding/formats/format.h"
#include "tests/catch2.h"

namespace weft::nlp {

/// Matches a message that holds a text; Catch2 3 has it by another name than 2.
inline auto ContainsSubstring(const std::string& text) {
#if __has_include(<catch2/catch_all.hpp>)
  return Catch::Matchers::ContainsSubstring(text);
#else
  return Catch::Matchers::Contains(text);
#endif
}

/// A folder of its own, gone with the test.
struct Folder {
  std::filesystem::path path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "weft-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string operator/(const std::string& name) const { return (path / name).string(); }
};

inline std::string contents(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void put_file(const std::filesystem::path& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

/// Bytes, one number after another.
struct Bytes {
  std::string text;
  template <class T>
  Bytes& add(T value) {
    char raw[sizeof value];
    std::memcpy(raw, &value, sizeof value);
    text.append(raw, sizeof value);
    return *this;
  }
  template <class T, class... More>
  Bytes& add_all(T first, More... more) {
    add(first);
    (add(more), ...);
    return *this;
  }
  Bytes& raw(std::string_view s) {
    text.append(s);
    return *this;
  }
};

inline EmbeddingModel read_bytes(std::string_view bytes, EmbeddingReading options = {},
                                 EmbeddingReport* report = nullptr) {
  EmbeddingReport own;
  return read_embedding(BytesIn(bytes, "f"), options, report ? *report : own);
}

/// What reading says against these bytes; empty where it says nothing.
inline std::string fault_of(std::string_view bytes, EmbeddingReading options = {}) {
  try {
    read_bytes(bytes, std::move(options));
  } catch (const EmbeddingFileError& e) {
    return e.what();
  }
  return "";
}

inline std::vector<float> vector_of(const EmbeddingModel& m, std::string_view word) {
  std::vector<float> v(static_cast<std::size_t>(m.dimension()));
  return m.vector(word, v) ? v : std::vector<float>{};
}

/// fastText's settings of a file: dimension 2, window 5, epoch 1, .., skip-gram with negative sampling.
inline Bytes fasttext_head(std::int32_t task, std::int32_t loss, std::int32_t buckets, std::int32_t min_n,
                           std::int32_t max_n) {
  Bytes b;
  b.add_all(std::int32_t{793712314}, std::int32_t{12});
  b.add_all(std::int32_t{2}, std::int32_t{5}, std::int32_t{1}, std::int32_t{3}, std::int32_t{5},
            std::int32_t{1}, loss, task, buckets, min_n, max_n, std::int32_t{100});
  b.add(1e-4);
  return b;
}

/// Words "ab" and "c", one bucket row r for n-grams of two characters; rows (1, 2), (3, 4), (5, 6), (7, 8).
inline Bytes small_fasttext() {
  Bytes b = fasttext_head(2, 2, 2, 2, 2);
  b.add_all(std::int32_t{2}, std::int32_t{2}, std::int32_t{0}, std::int64_t{9}, std::int64_t{-1});
  b.raw(std::string_view("ab\0", 3)).add_all(std::int64_t{5}, std::int8_t{0});
  b.raw(std::string_view("c\0", 2)).add_all(std::int64_t{4}, std::int8_t{0});
  b.add(std::uint8_t{0}).add_all(std::int64_t{4}, std::int64_t{2});
  b.add_all(1.0F, 2.0F, 3.0F, 4.0F, 5.0F, 6.0F, 7.0F, 8.0F);
  b.add(std::uint8_t{0}).add_all(std::int64_t{2}, std::int64_t{2}).add_all(-1.0F, -2.0F, -3.0F, -4.0F);
  return b;
}

}  // namespace weft::nlp
