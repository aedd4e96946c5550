#include "flamigo/cluster/detail/wish_log.hpp"

#include <cstddef>
#include <utility>

namespace flamigo::detail {

namespace {

constexpr std::size_t max_note = 48 * 1'024;

/// Puts texts into notes that do not grow too large for a frame.
class note_writer {
public:
  /// The first note has the version after this one.
  explicit note_writer(std::uint64_t first) : version(first) {
  }

  void add(std::vector<std::string> wish_note::*list, std::string text) {
    if (notes.empty() || bytes_ > max_note) {
      notes.emplace_back().version = ++version;
      bytes_ = 0;
    }
    bytes_ += text.size() + 3;
    (notes.back().*list).push_back(std::move(text));
  }

  std::vector<wish_note> notes;
  std::uint64_t version;

private:
  std::size_t bytes_ = 0;
};

} // namespace

bool wish_log::note(std::string_view pattern, bool wanted) {
  std::lock_guard guard{mtx_};
  auto was_empty = changes_.empty();
  changes_.insert_or_assign(std::string{pattern}, wanted);
  return was_empty;
}

std::vector<wish_note> wish_log::take() {
  decltype(changes_) changes;
  {
    std::lock_guard guard{mtx_};
    changes.swap(changes_);
  }
  note_writer out{version_};
  for (auto& [pattern, wanted] : changes) {
    if (wanted && all_.insert(pattern).second)
      out.add(&wish_note::added, pattern);
    else if (!wanted && all_.erase(pattern) == 1)
      out.add(&wish_note::removed, pattern);
  }
  version_ = out.version;
  return std::move(out.notes);
}

std::vector<wish_note> wish_log::all() const {
  note_writer out{0};
  for (auto& pattern : all_)
    out.add(&wish_note::added, pattern);
  if (out.notes.empty())
    out.notes.emplace_back();
  for (auto& note : out.notes)
    note.version = version_;
  out.notes.front().begins = true;
  out.notes.back().ends = true;
  return std::move(out.notes);
}

} // namespace flamigo::detail
