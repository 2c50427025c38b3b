#include "lang/format/layout.h"

#include <algorithm>

#include "lang/text_width.h"
#include "lang/utf8.h"

namespace weft::formatting {
namespace {

constexpr int kWidth = 100;
constexpr int kContinuation = 2;
/// Code wider than this doesn't push the comments of its neighbours to the right.
constexpr int kWidestAligned = 70;

bool opens_bracket(char c) {
  return c == '(' || c == '[' || c == '{';
}
bool closes_bracket(char c) {
  return c == ')' || c == ']' || c == '}';
}

}  // namespace

int width_of(std::string_view text) {
  int columns = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Character c = decode_utf8(text, at);
    columns += text_width(c.value);
    at += c.length;
  }
  return columns;
}

// --- building ---

void Layout::open(Kind kind, int step) {
  Item item;
  item.what = Do::open;
  item.kind = kind;
  item.size = step;
  item.broken = kind == Kind::block || kind == Kind::statement;
  open_.push_back(items_.size());
  items_.push_back(item);
}

void Layout::open_of_statement(Kind kind, int step) {
  open(kind, step);
  items_.back().of_statement = true;
}

void Layout::close() {
  open_.pop_back();
  Item item;
  item.what = Do::close;
  items_.push_back(item);
}

void Layout::text(std::string_view piece) {
  Item item;
  item.what = Do::text;
  item.text = piece;
  item.size = width_of(piece);
  items_.push_back(item);
}

void Layout::space() {
  Item item;
  item.what = Do::space;
  items_.push_back(item);
}

void Layout::soft(bool flat_space) {
  Item item;
  item.what = Do::soft;
  item.space = flat_space;
  items_.push_back(item);
}

void Layout::closing(bool flat_space) {
  soft(flat_space);
  items_.back().closing = true;
}

void Layout::hard(bool blank) {
  Item item;
  item.what = Do::hard;
  item.blank = blank;
  items_.push_back(item);
}

void Layout::hard_closing() {
  hard();
  items_.back().closing = true;
}

void Layout::comment_after(std::string_view comment) {
  for (auto group = open_.rbegin(); group != open_.rend(); ++group) {
    Item& around = items_[*group];
    if (around.broken) break;  // and with it all those around it, up to their block
    around.broken = true;
  }
  Item item;
  item.what = Do::comment_after;
  item.text = comment;
  items_.push_back(item);
}

void Layout::comment_alone(std::string_view comment) {
  comment_after(comment);
  items_.back().what = Do::comment_alone;
}

// --- laying out ---

void Layout::break_line(int indent) {
  pending_space_ = ended_ = false;
  if (!lines_.back().empty()) lines_.emplace_back();
  lines_.back().indent = lines_.back().width = indent;
}

void Layout::put(std::string_view piece, int columns) {
  if (ended_) {
    const Line& last = lines_.back();
    break_line(last.comment_only ? last.indent
                                 : frames_.back().base + std::max(frames_.back().step, kContinuation));
  }
  Line& line = lines_.back();
  if (pending_space_ && !line.code.empty()) {
    line.code += ' ';
    ++line.width;
  }
  pending_space_ = false;
  line.code += piece;
  line.width += columns;
}

/// Whether what stands from items_[from] on fits in `room` columns up to where the line can end at the
/// latest; `group`: it starts with a group, which is to stay on the line.
bool Layout::fits(std::size_t from, int room, bool group) const {
  std::size_t inside = 0;              // groups entered
  std::size_t frame = frames_.size();  // of what stands there, less one
  bool flat = group;
  for (std::size_t i = from; i < items_.size() && room >= 0; ++i) {
    const Item& item = items_[i];
    switch (item.what) {
      case Do::text:
        room -= item.size;
        break;
      case Do::space:
        --room;
        break;
      case Do::soft:
        if (!flat && (inside > 0 || frames_[frame - 1].broken)) return true;
        room -= item.space ? 1 : 0;
        break;
      case Do::open:
        ++inside;
        break;
      case Do::close:
        if (inside > 0) {
          if (--inside == 0) flat = false;
        } else if (--frame == 0) {
          return true;
        }
        // A flat group around this one has no place for a line end either.
        break;
      case Do::hard:
      case Do::comment_after:
      case Do::comment_alone:
        return true;
    }
  }
  return room >= 0;
}

void Layout::run() {
  lines_.assign(1, {});
  frames_.assign(1, {0, 0, true, false});
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const Item& item = items_[i];
    switch (item.what) {
      case Do::text:
        put(item.text, item.size);
        break;
      case Do::space:
        pending_space_ = true;
        break;
      case Do::open: {
        const int base = item.of_statement ? frames_.back().base : lines_.back().indent;
        const int start = lines_.back().width + (pending_space_ ? 1 : 0);
        const bool broken = item.broken || !fits(i, kWidth - start, true);
        frames_.push_back({base, item.size, broken, item.kind == Kind::fill && !item.broken});
        break;
      }
      case Do::close:
        frames_.pop_back();
        break;
      case Do::soft: {
        const Frame& frame = frames_.back();
        const int room = kWidth - lines_.back().width - 1;
        if (ended_ || (frame.broken && !(frame.fill && !item.closing && fits(i + 1, room, false)))) {
          break_line(frame.base + (item.closing ? 0 : frame.step));
        } else {
          pending_space_ = item.space;
        }
        break;
      }
      case Do::hard:
        break_line(frames_.back().base + (item.closing ? 0 : frames_.back().step));
        lines_.back().blank_before = item.blank && lines_.size() > 1;
        break;
      case Do::comment_after:
        if (ended_) {  // a second one on this line
          break_line(frames_.back().base + std::max(frames_.back().step, kContinuation));
        }
        lines_.back().comment_only = lines_.back().code.empty();
        lines_.back().comment = item.text;
        ended_ = true;
        break;
      case Do::comment_alone:
        if (!lines_.back().empty() && !ended_) {
          break_line(frames_.back().base + std::max(frames_.back().step, kContinuation));
        } else if (ended_) {
          put("", 0);
        }
        lines_.back().comment_only = true;
        lines_.back().comment = item.text;
        ended_ = true;
        break;
    }
  }
}

std::string Layout::joined() const {
  std::string out;
  const auto has_both = [](const Line& l) { return !l.code.empty() && !l.comment.empty(); };
  for (std::size_t i = 0; i < lines_.size();) {
    // A run of neighbouring lines of code with comments; the comment of a bracket isn't one of a list.
    std::size_t end = i + 1;
    int widest = 0;
    const auto aligned = [&](const Line& l) {
      return has_both(l) && !closes_bracket(l.code.front()) && !opens_bracket(l.code.back());
    };
    if (aligned(lines_[i])) {
      const auto goes_on = [&](const Line& l) {
        return aligned(l) && !l.blank_before && l.indent == lines_[i].indent;
      };
      while (end < lines_.size() && goes_on(lines_[end])) ++end;
      for (std::size_t k = i; k < end; ++k)
        if (lines_[k].width <= kWidestAligned) widest = std::max(widest, lines_[k].width);
    }
    for (; i < end; ++i) {
      const Line& line = lines_[i];
      if (line.empty()) continue;
      if (line.blank_before) out += '\n';
      out.append(static_cast<std::size_t>(line.indent), ' ');
      out += line.code;
      if (has_both(line)) out.append(static_cast<std::size_t>(std::max(widest - line.width, 0) + 2), ' ');
      out += line.comment;
      out += '\n';
    }
  }
  return out;
}

std::string Layout::render() {
  run();
  return joined();
}

}  // namespace weft::formatting
