#pragma once

#include <cstdint>
#include <string_view>

namespace weft::nlp {

/// The fields of a message, one after another. Source: the encoding of Protocol Buffers.
class ProtoFields {
 public:
  /// `refuse` throws: it is called where the bytes are no message.
  ProtoFields(std::string_view bytes, void (*refuse)()) : rest_(bytes), refuse_(refuse) {}

  bool next() {
    if (rest_.empty()) return false;
    const std::uint64_t key = varint();
    number_ = key >> 3;
    wire_ = static_cast<int>(key & 7);
    if (number_ == 0) refuse_();
    switch (wire_) {
      case kVarint:
        value_ = varint();
        break;
      case kFixed64:
        bytes_ = take(8);
        break;
      case kBytes:
        bytes_ = take(varint());
        break;
      case kFixed32:
        bytes_ = take(4);
        break;
      default:
        refuse_();
    }
    return true;
  }

  static constexpr int kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5;

  bool is(std::uint64_t number, int wire) const { return number_ == number && wire_ == wire; }
  /// Of a varint, and of the others.
  std::uint64_t value() const { return value_; }
  std::string_view bytes() const { return bytes_; }

 private:
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(take(1)[0]);
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    refuse_();
    return 0;
  }
  std::string_view take(std::uint64_t n) {
    if (n > rest_.size()) refuse_();
    const std::string_view taken = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return taken;
  }

  std::string_view rest_, bytes_;
  void (*refuse_)();
  std::uint64_t number_ = 0, value_ = 0;
  int wire_ = 0;
};

}  // namespace weft::nlp
