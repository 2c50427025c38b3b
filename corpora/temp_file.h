#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <type_traits>
#include <vector>

namespace weft::corpora {

/// Bytes in a file without a name in the directory for temporary files: gone with the process, however it
/// ends. Throws std::system_error, which names the directory, where it can't be made, written or mapped.
class TempFile {
 public:
  TempFile();
  ~TempFile();
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;

  void append(std::span<const std::byte> bytes);
  /// Passes the contents through `change`, in order, in pieces of at most `piece` bytes.
  void rewrite(std::size_t piece, const std::function<void(std::span<std::byte>)>& change);
  /// The contents, mapped for reading. Nothing may be appended or rewritten after.
  std::span<const std::byte> map();

 private:
  int file_ = -1;
  std::size_t size_ = 0;
  void* mapped_ = nullptr;
};

/// An array that is written once, front to back, and lies on disk.
template <class T>
class TempArray {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  void push(const T& value) {
    buffer_.push_back(value);
    ++size_;
    if (buffer_.size() == kBuffered) flush();
  }

  /// Replaces each element x by change(x).
  template <class Change>
  void rewrite(Change change) {
    flush();
    file_.rewrite(kBuffered * sizeof(T), [&](std::span<std::byte> bytes) {
      T* const values = reinterpret_cast<T*>(bytes.data());
      for (std::size_t i = 0; i < bytes.size() / sizeof(T); ++i) values[i] = change(values[i]);
    });
  }

  /// Ends the writing: from now on elements can be read.
  void seal() {
    flush();
    buffer_ = {};
    elements_ = reinterpret_cast<const T*>(file_.map().data());
  }

  std::int64_t size() const { return size_; }
  const T* data() const { return elements_; }
  const T& operator[](std::int64_t i) const { return elements_[i]; }

 private:
  static constexpr std::size_t kBuffered = (std::size_t{1} << 18) / sizeof(T);

  void flush() {
    file_.append(std::as_bytes(std::span<const T>(buffer_)));
    buffer_.clear();
  }

  TempFile file_;
  std::vector<T> buffer_;
  std::int64_t size_ = 0;
  const T* elements_ = nullptr;
};

}  // namespace weft::corpora
