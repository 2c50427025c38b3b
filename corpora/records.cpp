#include "corpora/records.h"

#include <algorithm>

#include "corpora/dataset.h"
#include "nlp/text/segments.h"

namespace weft::corpora {

namespace {

/// The blocks of a text with the file and the line that each begins with.
class PlacedBlocks {
 public:
  explicit PlacedBlocks(std::unique_ptr<FileBlocks> blocks) : blocks_(std::move(blocks)) {}

  bool next() {
    line_ += FileBlocks::line_ends(block.text);
    if (!blocks_->next(block)) return false;
    const std::size_t file = blocks_->file_index(block);
    begins_file = file != file_;
    if (begins_file) {
      file_ = file;
      line_ = 1;
      name_ = blocks_->files()[file].name();
    }
    return true;
  }
  TextPlace place() const { return {name_, line_}; }
  std::string note() const { return blocks_->note(); }
  const std::vector<TextFile>& files() const { return blocks_->files(); }

  nlp::TextBlock block;
  bool begins_file = false;

 private:
  std::unique_ptr<FileBlocks> blocks_;
  std::size_t file_ = std::string::npos;
  std::int64_t line_ = 1;
  std::string name_;
};

class LinePieces : public RecordSource {
 public:
  explicit LinePieces(std::unique_ptr<FileBlocks> blocks) : blocks_(std::move(blocks)) {}

  bool next(RecordPiece& piece) override {
    if (!blocks_.next()) return false;
    piece.place = blocks_.place();
    piece.starts_line = blocks_.block.starts_line;
    piece.ends_line = blocks_.block.ends_line;
    piece.storage.assign(blocks_.block.text);
    piece.text = piece.storage;
    any_ = any_ || !is_blank(piece.text);
    return true;
  }
  std::string note() const override { return blocks_.note(); }
  bool any_text() const override { return any_; }

 private:
  PlacedBlocks blocks_;
  bool any_ = false;
};

class Whole : public RecordSource {
 public:
  Whole(std::unique_ptr<FileBlocks> blocks, RecordForm form, ReadHeader header)
      : blocks_(std::move(blocks)), form_(std::move(form)), read_header_(std::move(header)) {}

  bool next(RecordPiece& piece) override {
    for (;;) {
      if (!held_) {
        held_ = blocks_.next();
        ended_ = !held_;
      }
      if (ended_ || blocks_.begins_file) {
        // What is left of the file before is a record all the same, if not a well-formed one.
        if (!gathered_.empty() && give(piece, gathered_.size())) return true;
        if (ended_) return false;
        blocks_.begins_file = false;
        place_ = blocks_.place();
        at_header_ = read_header_ != nullptr;
      }
      gathered_.append(blocks_.block.text);
      held_ = false;
      require_short();
      if (!blocks_.block.ends_line) continue;
      const std::size_t bytes = form_.whole(gathered_);
      if (bytes > 0 && give(piece, bytes)) return true;
    }
  }
  std::string note() const override { return blocks_.note(); }
  bool any_text() const override { return any_; }

 private:
  /// The first bytes of what was gathered; false where they are nothing but a header.
  bool give(RecordPiece& piece, std::size_t bytes) {
    piece.storage.assign(gathered_, 0, bytes);
    gathered_.erase(0, bytes);
    piece.text = piece.storage;
    piece.place = place_;
    any_ = any_ || !is_blank(piece.text);
    place_.line += FileBlocks::line_ends(piece.text);
    if (at_header_) {
      const Header header = read_header_(piece.text, piece.place);
      if (header.bytes == 0) return false;
      at_header_ = false;
      columns_ = std::make_shared<const ColumnPlaces>(header.columns);
      piece.place.line += FileBlocks::line_ends(piece.text.substr(0, header.bytes));
      piece.text.remove_prefix(header.bytes);
    }
    piece.columns = columns_;
    return !piece.text.empty();
  }

  void require_short() const {
    if (gathered_.size() <= kLongestRecord) return;
    throw DataError(place_.file, place_.line,
                    "a " + form_.record + " of more than " + std::to_string(kLongestRecord >> 20) + " MiB",
                    "is this " + form_.file + "?");
  }

  PlacedBlocks blocks_;
  RecordForm form_;
  ReadHeader read_header_;
  std::string gathered_;  // and not given yet; begins at place_
  TextPlace place_;
  bool held_ = false, ended_ = false;  // a block that isn't gathered yet; no more of them
  bool at_header_ = false;
  bool any_ = false;
  std::shared_ptr<const ColumnPlaces> columns_;
};

class Paired : public RecordSource {
 public:
  Paired(std::unique_ptr<FileBlocks> one, std::unique_ptr<FileBlocks> two)
      : names_{one->files().front().name(), two->files().front().name()},
        one_(whole_records(std::move(one), lines(), nullptr)),
        two_(whole_records(std::move(two), lines(), nullptr)) {}

  bool next(RecordPiece& piece) override {
    if (!one_->next(piece)) {
      if (left_.empty() && !more()) return false;
      throw DataError(names_[1], place_.line, "goes on where " + names_[0] + " has ended",
                      "line i of one file is the translation of line i of the other");
    }
    const std::int64_t lines = FileBlocks::line_ends(piece.text);
    piece.other.clear();
    for (std::int64_t have = 0; have < lines;) {
      if (left_.empty() && !more()) {
        throw DataError(piece.place.file, piece.place.line + have,
                        "goes on where " + names_[1] + " has ended",
                        "line i of one file is the translation of line i of the other");
      }
      if (have == 0) piece.other_place = place_;
      std::size_t bytes = 0;
      while (have < lines && bytes < left_.size()) {
        bytes = std::min(left_.find('\n', bytes), left_.size() - 1) + 1;
        ++have;
        ++place_.line;
      }
      piece.other.append(left_.substr(0, bytes));
      left_.remove_prefix(bytes);
    }
    return true;
  }
  std::string note() const override {
    const std::string one = one_->note(), two = two_->note();
    return one + (one.empty() || two.empty() ? "" : "; ") + two;
  }
  bool any_text() const override { return one_->any_text(); }

 private:
  static RecordForm lines() { return {whole_lines, "line", "a file of lines"}; }

  bool more() {
    if (!two_->next(second_)) return false;
    left_ = second_.text;
    place_ = second_.place;
    return true;
  }

  std::string names_[2];
  std::unique_ptr<RecordSource> one_, two_;
  RecordPiece second_;
  std::string_view left_;  // of it
  TextPlace place_;        // of that
};

}  // namespace

std::unique_ptr<RecordSource> line_pieces(std::unique_ptr<FileBlocks> blocks) {
  return std::make_unique<LinePieces>(std::move(blocks));
}

std::unique_ptr<RecordSource> whole_records(std::unique_ptr<FileBlocks> blocks, RecordForm form,
                                            ReadHeader header) {
  return std::make_unique<Whole>(std::move(blocks), std::move(form), std::move(header));
}

std::unique_ptr<RecordSource> paired_lines(std::unique_ptr<FileBlocks> one, std::unique_ptr<FileBlocks> two) {
  return std::make_unique<Paired>(std::move(one), std::move(two));
}

std::size_t whole_lines(std::string_view text) {
  return text.rfind('\n') + 1;  // npos + 1 is 0
}

bool is_blank(std::string_view text) {
  return std::all_of(text.begin(), text.end(), nlp::is_ascii_space);
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && nlp::is_ascii_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && nlp::is_ascii_space(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace weft::corpora
