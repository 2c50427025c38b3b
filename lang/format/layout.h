#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weft::formatting {

/// Pieces of text, and between them the places where a line may end. Groups decide where it does: the places
/// of a group are all spaces where the group and what must follow it fit on the line, and all line ends where
/// they don't, the outer group before the inner one. After Oppen, "Prettyprinting", 1980, and Wadler, "A
/// prettier printer", 2003; in one pass over a flat list, with a look ahead of at most one line.
///
/// A group indents from the line it begins on, however deep it is nested.
class Layout {
 public:
  enum class Kind : std::uint8_t {
    list,       // one line, or a line for each part
    fill,       // as many parts on a line as fit
    block,      // always broken; a comment in it doesn't break what is around it
    statement,  // likewise
  };

  /// `step`: columns that its lines are indented.
  void open(Kind kind, int step);
  /// Likewise, indented from where the enclosing group begins.
  void open_of_statement(Kind kind, int step);
  void close();

  /// A piece without line ends. The text must outlive the layout.
  void text(std::string_view piece);
  void space();
  /// Where a line may end; otherwise `flat`: a space, or nothing.
  void soft(bool flat_space);
  /// Likewise, with the next line where the group's own line begins.
  void closing(bool flat_space);
  /// Where a line ends, perhaps with a blank one after it.
  void hard(bool blank = false);
  /// Likewise, with the next line where the group's own line begins.
  void hard_closing();
  /// A comment at the end of the line, or on a line of its own. It breaks the groups around it.
  void comment_after(std::string_view comment);
  void comment_alone(std::string_view comment);

  /// The text, with comments at the end of neighbouring lines one below the other.
  std::string render();

 private:
  enum class Do : std::uint8_t { text, space, soft, hard, open, close, comment_after, comment_alone };
  struct Item {
    Do what{};
    Kind kind{};
    bool closing = false;       // soft, hard: back at the group's own line
    bool space = false;         // soft: flat, it is a space
    bool blank = false;         // hard: a blank line comes after it
    bool broken = false;        // open: known beforehand
    bool of_statement = false;  // open: indents from the enclosing group
    int size = 0;               // text: columns; open: step
    std::string_view text;
  };
  struct Frame {
    int base = 0, step = 0;
    bool broken = false, fill = false;
  };
  struct Line {
    int indent = 0;
    int width = 0;  // with the indentation
    bool blank_before = false;
    bool comment_only = false;
    std::string code;
    std::string_view comment;
    bool empty() const { return code.empty() && comment.empty(); }
  };

  void put(std::string_view piece, int columns);
  void break_line(int indent);
  bool fits(std::size_t from, int room, bool group) const;
  void run();
  std::string joined() const;

  std::vector<Item> items_;
  std::vector<std::size_t> open_;  // groups being built
  std::vector<Frame> frames_;      // groups being laid out
  std::vector<Line> lines_;
  bool pending_space_ = false;
  bool ended_ = false;  // by a comment: nothing more can stand on this line
};

/// Columns of a terminal.
int width_of(std::string_view text);

}  // namespace weft::formatting
