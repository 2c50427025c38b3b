#include "tensor/safetensors.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>

#include "tests/catch2.h"

using namespace weft;
namespace fs = std::filesystem;

namespace {

/// A directory of its own, gone at the end.
class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "weft-safetensors-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { fs::remove_all(path_); }
  fs::path operator/(const char* name) const { return path_ / name; }
  int files() const { return static_cast<int>(std::distance(fs::directory_iterator(path_), {})); }

 private:
  fs::path path_;
};

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void put(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string prefix(std::uint64_t length) {
  std::string raw;
  for (int i = 0; i < 8; ++i) raw += static_cast<char>(length >> (8 * i) & 0xff);
  return raw;
}

std::string with_header(const std::string& header, const std::string& data = {}) {
  return prefix(header.size()) + header + data;
}

/// What `action` throws as a Fault; empty where it throws nothing.
template <class Fault, class F>
std::string fault_of(F action) {
  try {
    action();
  } catch (const Fault& fault) {
    return fault.what();
  }
  return {};
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string read_fault(const fs::path& path) {
  return fault_of<ModelFileError>([&] { read_safetensors(path); });
}

template <class T>
StoredTensor stored(std::string dtype, std::vector<std::int64_t> shape, const std::vector<T>& values) {
  StoredTensor t{std::move(dtype), std::move(shape), std::vector<std::byte>(values.size() * sizeof(T))};
  if (!values.empty()) std::memcpy(t.bytes.data(), values.data(), t.bytes.size());
  return t;
}

SafetensorsFile sample() {
  SafetensorsFile file;
  file.metadata["source"] = "let x = \"\xc3\xa9\"\n";
  file.tensors["w"] = stored<float>("F32", {2, 2}, {1, -2, 0.5F, 3e8F});
  file.tensors["ids"] = stored<std::int32_t>("I32", {3}, {1, 2, -3});
  file.tensors["tokenizer"] = stored<std::uint8_t>("U8", {5}, {1, 2, 3, 4, 255});
  file.tensors["none"] = stored<double>("F64", {0, 7}, {});
  file.tensors["scalar"] = stored<double>("F64", {}, {-0.0});
  return file;
}

}  // namespace

TEST_CASE("safetensors: what is written is read back") {
  Folder folder;
  const SafetensorsFile file = sample();
  write_safetensors(folder / "a", file);
  const SafetensorsFile back = read_safetensors(folder / "a");
  CHECK(back.metadata == file.metadata);
  REQUIRE(back.tensors.size() == file.tensors.size());
  for (const auto& [name, tensor] : file.tensors) {
    CAPTURE(name);
    CHECK(back.tensors.at(name).dtype == tensor.dtype);
    CHECK(back.tensors.at(name).shape == tensor.shape);
    CHECK(back.tensors.at(name).bytes == tensor.bytes);
  }
  CHECK(folder.files() == 1);
}

TEST_CASE("safetensors: the bytes of a file, by the format's description") {
  Folder folder;
  SafetensorsFile file;
  file.tensors["b"] = stored<float>("F32", {1}, {1});
  file.tensors["a"] = stored<std::uint8_t>("U8", {2}, {7, 8});
  write_safetensors(folder / "a", file);
  const std::string header =
      R"({"a":{"data_offsets":[0,2],"dtype":"U8","shape":[2]},"b":{"data_offsets":[2,6],"dtype":"F32","shape":[1]}})";
  const std::string padded = header + std::string((8 - header.size() % 8) % 8, ' ');
  CHECK(bytes_of(folder / "a") == with_header(padded, std::string("\x07\x08\x00\x00\x80\x3f", 6)));
}

TEST_CASE("safetensors: files of other writers") {
  Folder folder;
  // Keys in another order, tensors not in the order of their names, white space, escapes.
  put(folder / "a", with_header(R"({ "z" : {"shape":[1,2],"dtype":"F32","data_offsets":[0,8]},
      "__metadata__":{"k":"\u00e9"}, "a":{"dtype":"BF16","shape":[],"data_offsets":[8,10]}}  )",
                                "0123456789"));
  const SafetensorsFile file = read_safetensors(folder / "a");
  CHECK(file.metadata.at("k") == "\xc3\xa9");
  CHECK(file.tensors.at("z").shape == std::vector<std::int64_t>{1, 2});
  CHECK(std::memcmp(file.tensors.at("a").bytes.data(), "89", 2) == 0);

  put(folder / "b", with_header("{}"));
  CHECK(read_safetensors(folder / "b").tensors.empty());
}

TEST_CASE("safetensors: hostile files are refused with a message that names file and fault") {
  struct Row {
    std::string bytes;
    const char* fault;
  };
  const auto one = [](const std::string& fields, const std::string& data = {}) {
    return with_header("{\"t\":{" + fields + "}}", data);
  };
  const std::string deep(100000, '[');
  const Row rows[] = {
      {"", "at least 8 bytes, found 0"},
      {"1234567", "at least 8 bytes, found 7"},
      {prefix(0), "begins with '{'"},
      {prefix(2) + "{", "cut short"},
      {prefix(100) + "{}", "expected a header of 100 bytes, found 2"},
      {prefix(100'000'001) + "{}", "at most 100000000 bytes"},
      {prefix(~std::uint64_t{0}) + "{}", "at most 100000000 bytes"},
      {with_header("[]"), "begins with '{'"},
      {with_header(" {}"), "begins with '{'"},
      {with_header("{"), "fault at its byte"},
      {with_header("{}x"), "fault at its byte"},
      {with_header("{\"a\" 1}"), "fault at its byte"},
      {with_header("{\"\xff\":1}"), "fault at its byte"},
      {with_header("{\"t\":" + deep + "}"),
       "expected an object with dtype, shape and data_offsets, found an array"},
      {with_header("{\"t\":{\"shape\":" + deep + "}}"), "expected an extent, found an array"},
      {with_header("{\"t\":1}"), "found a number"},
      {with_header("{\"t\":null}"), "found null"},
      {with_header("{\"__metadata__\":{\"a\":1}}"), "expected a string, found a number"},
      {with_header("{\"__metadata__\":{\"a\":{}}}"), "expected a string, found an object"},
      {with_header("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}"), "'a' given twice in __metadata__"},
      {with_header("{\"__metadata__\":{},\"__metadata__\":{}}"), "given twice"},
      {one(R"("dtype":"F32","shape":[1])", "0123"), "no data_offsets"},
      {one(R"("dtype":"F32","data_offsets":[0,4])", "0123"), "no shape"},
      {one(R"("shape":[1],"data_offsets":[0,4])", "0123"), "no dtype"},
      {one(R"("dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1)", "0123"), "found 'x'"},
      {one(R"("dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4])", "0123"), "'dtype' given twice"},
      {one(R"("dtype":"F31","shape":[1],"data_offsets":[0,4])", "0123"), "unknown dtype 'F31'"},
      {one(R"("dtype":32,"shape":[1],"data_offsets":[0,4])", "0123"), "expected a string"},
      {one(R"("dtype":"F32","shape":[-1],"data_offsets":[0,4])", "0123"), "expected an extent, found -1"},
      {one(R"("dtype":"F32","shape":[1.0],"data_offsets":[0,4])", "0123"), "expected an extent, found 1.0"},
      {one(R"("dtype":"F32","shape":["1"],"data_offsets":[0,4])", "0123"),
       "expected an extent, found a string"},
      {one(R"("dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,4])", "0123"), "below 2^63"},
      {one(R"("dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4])", "0123"),
       "expected an extent"},
      {one(R"("dtype":"F32","shape":[4611686018427387905],"data_offsets":[0,4])", "0123"), "can be counted"},
      {one(R"("dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0])"), "can be counted"},
      {one(R"("dtype":"F32","shape":[2],"data_offsets":[0,4])", "0123"),
       "expected 8 bytes for its dtype and shape, found 4"},
      {one(R"("dtype":"F32","shape":[1],"data_offsets":[0,4])", "012"), "end between 0 and 3, found 4"},
      {one(R"("dtype":"F32","shape":[1],"data_offsets":[0,4])", "01234"),
       "expected 4 bytes of tensor data, found 5"},
      {one(R"("dtype":"F32","shape":[1],"data_offsets":[1,5])", "01234"), "begin at 0"},
      {one(R"("dtype":"F32","shape":[1],"data_offsets":[4,0])", "0123"), "begin at 0"},
      {one(R"("dtype":"F32","shape":[1],"data_offsets":[0])", "0123"), "expected two data_offsets, found 1"},
      {one(R"("dtype":"F32","shape":[1],"data_offsets":[0,4,4])", "0123"),
       "expected two data_offsets, found 3"},
      {one(R"("dtype":"U8","shape":[1],"data_offsets":[0,18446744073709551615])", "0"), "end between"},
      {with_header(
           R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})",
           "012"),
       "tensor 'b': expected its data to begin at 2"},
      {with_header(
           R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}})",
           "012"),
       "tensor 'b': expected its data to begin at 1"},
      {with_header(
           R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
           "01"),
       "tensor 'a' given twice"},
  };
  Folder folder;
  for (const Row& row : rows) {
    CAPTURE(row.bytes.substr(0, 200), row.fault);
    put(folder / "bad", row.bytes);
    const std::string fault = read_fault(folder / "bad");
    CHECK(contains(fault, row.fault));
    CHECK(contains(fault, (folder / "bad").string()));
  }
}

TEST_CASE("safetensors: every truncation and every flipped byte is read or refused") {
  Folder folder;
  write_safetensors(folder / "a", sample());
  const std::string whole = bytes_of(folder / "a");
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const auto put_byte = [&](char byte) {
      std::fstream file(folder / "a", std::ios::binary | std::ios::in | std::ios::out);
      file.seekp(static_cast<std::streamoff>(i)).put(byte);
    };
    put_byte(static_cast<char>(whole[i] ^ 0x15));
    try {
      read_safetensors(folder / "a");
    } catch (const ModelFileError&) {
    }
    put_byte(whole[i]);
  }
  REQUIRE(bytes_of(folder / "a") == whole);
  for (std::size_t n = whole.size(); n-- > 0;) {
    fs::resize_file(folder / "a", n);
    CHECK_THROWS_AS(read_safetensors(folder / "a"), ModelFileError);
  }
}

TEST_CASE("safetensors: what is no file to read") {
  Folder folder;
  CHECK(contains(read_fault(folder / "missing"), (folder / "missing").string()));
  CHECK(contains(read_fault(folder / "missing"), "No such file"));
  CHECK(contains(read_fault(fs::temp_directory_path()), "found a directory"));
  CHECK(contains(read_fault("/dev/zero"), "found no regular file"));
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK_THROWS_AS(read_safetensors(folder / "pipe"), ModelFileError);
}

TEST_CASE("safetensors: tensors that can't be written") {
  Folder folder;
  SafetensorsFile file = sample();
  file.tensors["w"].bytes.pop_back();
  CHECK(contains(fault_of<std::invalid_argument>([&] { write_safetensors(folder / "a", file); }),
                 "tensor 'w' of dtype 'F32' with 15 bytes"));
  file = sample();
  file.tensors["w"].dtype = "X";
  CHECK_THROWS_AS(write_safetensors(folder / "a", file), std::invalid_argument);
  file = sample();
  file.tensors["__metadata__"] = file.tensors["w"];
  CHECK_THROWS_AS(write_safetensors(folder / "a", file), std::invalid_argument);
  file = sample();
  file.metadata["k"] = "\xff";
  CHECK_THROWS_AS(write_safetensors(folder / "a", file), std::invalid_argument);
  CHECK(folder.files() == 0);
}

TEST_CASE("safetensors: places that can't be written to") {
  Folder folder;
  CHECK(contains(fault_of<std::system_error>([&] { write_safetensors(folder / "no/such/a", sample()); }),
                 "no/such/a"));
  fs::create_directory(folder / "directory");
  CHECK_THROWS_AS(write_safetensors(folder / "directory", sample()), std::system_error);
  // A device must not be replaced by a file, which root could.
  CHECK_THROWS_AS(write_safetensors("/dev/full", sample()), std::system_error);
  CHECK(fs::is_character_file("/dev/full"));
}

TEST_CASE("safetensors: an older file is replaced, its permissions kept, links followed") {
  Folder folder;
  put(folder / "a", "old");
  REQUIRE(::chmod((folder / "a").c_str(), 0600) == 0);
  fs::create_symlink("a", folder / "link");
  write_safetensors(folder / "link", sample());
  CHECK(fs::is_symlink(folder / "link"));
  CHECK(read_safetensors(folder / "a").tensors.size() == 5);
  CHECK((fs::status(folder / "a").permissions() & fs::perms::all) ==
        (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(folder.files() == 2);
}

TEST_CASE("safetensors: a full disk leaves the old file, no temporary one, and an error with the path") {
  Folder folder;
  put(folder / "a", "old");
  SafetensorsFile file = sample();
  file.tensors["big"] = stored<std::uint8_t>("U8", {1 << 20}, std::vector<std::uint8_t>(1 << 20));
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    // A limit on the size of files fails a write half-way, as a full disk does.
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{65536, 65536};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    int status = 1;
    try {
      write_safetensors(folder / "a", file);
    } catch (const std::system_error& e) {
      const std::string message = e.what();
      status = message.find((folder / "a").string()) == std::string::npos ? 2
               : e.code().value() == EFBIG                                ? 0
                                                                          : 3;
    }
    ::_exit(status);
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(bytes_of(folder / "a") == "old");
  CHECK(folder.files() == 1);
}
