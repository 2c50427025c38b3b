#include "repl/lsp/transport.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace weft::repl::lsp {

namespace {

constexpr std::int64_t kLongest = std::int64_t{64} << 20;  // bytes of a message
constexpr std::size_t kLongestHeader = 4096;

/// The value of a "Content-Length" header, -1 of others.
std::int64_t length_of(std::string_view header) {
  constexpr std::string_view kName = "content-length:";
  if (header.size() < kName.size()) return -1;
  for (std::size_t i = 0; i < kName.size(); ++i) {
    if (std::tolower(static_cast<unsigned char>(header[i])) != kName[i]) return -1;
  }
  header.remove_prefix(kName.size());
  header.remove_prefix(std::min(header.find_first_not_of(" \t"), header.size()));
  std::int64_t n = -1;
  const auto [end, fault] = std::from_chars(header.data(), header.data() + header.size(), n);
  return fault == std::errc() && end != header.data() && n >= 0 ? n : -1;
}

/// A line without its end; false where the input ends. What is longer than a header may be is cut.
bool read_line(std::streambuf& in, std::string& line) {
  constexpr int kEnd = std::char_traits<char>::eof();
  line.clear();
  for (int c = in.sbumpc(); c != kEnd; c = in.sbumpc()) {
    if (c == '\n') {
      if (!line.empty() && line.back() == '\r') line.pop_back();
      return true;
    }
    if (line.size() < kLongestHeader) line.push_back(static_cast<char>(c));
  }
  return false;
}

}  // namespace

std::optional<Transport::Message> Transport::read() {
  std::streambuf& in = *in_.rdbuf();
  std::string line;
  std::int64_t length = -1;
  while (true) {
    if (!read_line(in, line)) return std::nullopt;
    if (!line.empty()) {
      if (const std::int64_t n = length_of(line); n >= 0) length = n;
      continue;
    }
    if (length >= 0) break;
  }
  if (length > kLongest) {
    char part[4096];
    for (std::int64_t left = length; left > 0;) {
      const auto got = in.sgetn(part, std::min<std::int64_t>(left, sizeof part));
      if (got <= 0) return std::nullopt;
      left -= got;
    }
    return Message{std::nullopt, "a message of more than 64 MiB"};
  }
  std::string body(static_cast<std::size_t>(length), '\0');
  if (in.sgetn(body.data(), length) != length) return std::nullopt;
  try {
    return Message{nlohmann::json::parse(body), ""};
  } catch (const nlohmann::json::exception& e) {
    return Message{std::nullopt, e.what()};
  }
}

void Transport::write(const nlohmann::json& content) {
  // Paths may hold bytes that are no UTF-8.
  const std::string body = content.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  out_ << "Content-Length: " << body.size() << "\r\n\r\n" << body << std::flush;
}

}  // namespace weft::repl::lsp
