#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace flamigo::detail {

/// What a node tells the others of itself, entries with an id each: all of them
/// once, then how they change. Written by any thread, read by the relay. An
/// entry that comes and goes before it is read was none, so that what waits is
/// bounded by what there is.
///
/// A `Note` has a version, `added` entries, the ids of those `removed`, and
/// says whether it begins or ends a list; `id_of` gives the id of an entry, and
/// `bytes_of` about what it takes.
template <class Note>
class note_log {
public:
  using entry = typename Note::entry;

  /// Of a note, about.
  static constexpr std::size_t max_bytes = 48 * 1'024;

  // -- any thread -------------------------------------------------------------

  /// There is this entry, in place of the one with the same id. True if the
  /// relay has to be told that something has changed.
  bool put(entry what) {
    auto id = std::string{Note::id_of(what)};
    return note(std::move(id), std::optional{std::move(what)});
  }

  /// The same when there is none with this id any more.
  bool erase(std::string_view id) {
    return note(std::string{id}, std::nullopt);
  }

  // -- on the relay's thread --------------------------------------------------

  /// Takes what has changed, as notes with a version each.
  std::vector<Note> take() {
    decltype(changes_) changes;
    {
      std::lock_guard guard{mtx_};
      changes.swap(changes_);
    }
    writer out{version_};
    for (auto& [id, what] : changes) {
      auto known = all_.find(id);
      auto is_known = known != all_.end();
      if (what ? is_known && *known == *what : !is_known)
        continue;
      if (is_known)
        all_.erase(known);
      if (what)
        out.add(*all_.insert(std::move(*what)).first);
      else
        out.remove(id);
    }
    version_ = out.version;
    return std::move(out.notes);
  }

  /// All there is, as `take` has left it: one note at least.
  std::vector<Note> all() const {
    writer out{0};
    for (auto& what : all_)
      out.add(what);
    if (out.notes.empty())
      out.notes.emplace_back();
    for (auto& note : out.notes)
      note.version = version_;
    out.notes.front().begins = true;
    out.notes.back().ends = true;
    return std::move(out.notes);
  }

  /// That of the last note.
  std::uint64_t version() const noexcept {
    return version_;
  }

  std::size_t size() const noexcept {
    return all_.size();
  }

private:
  struct hash {
    using is_transparent = void;

    std::size_t operator()(std::string_view id) const noexcept {
      return std::hash<std::string_view>{}(id);
    }

    std::size_t operator()(const entry& what) const noexcept {
      return (*this)(std::string_view{Note::id_of(what)});
    }
  };

  struct same_id {
    using is_transparent = void;

    bool operator()(const auto& x, const auto& y) const noexcept {
      return id(x) == id(y);
    }

    static std::string_view id(std::string_view what) noexcept {
      return what;
    }

    static std::string_view id(const entry& what) noexcept {
      return Note::id_of(what);
    }
  };

  /// Sees to it that notes do not grow too large for a frame.
  struct writer {
    void add(const entry& what) {
      make_room(Note::bytes_of(what));
      notes.back().added.push_back(what);
    }

    void remove(const std::string& id) {
      make_room(id.size());
      notes.back().removed.push_back(id);
    }

    void make_room(std::size_t more) {
      if (notes.empty() || bytes > max_bytes) {
        notes.emplace_back().version = ++version;
        bytes = 0;
      }
      bytes += more + 3;
    }

    /// The first note has the one after this.
    std::uint64_t version;
    std::vector<Note> notes = {};
    std::size_t bytes = 0;
  };

  bool note(std::string id, std::optional<entry> what) {
    std::lock_guard guard{mtx_};
    auto was_empty = changes_.empty();
    changes_.insert_or_assign(std::move(id), std::move(what));
    return was_empty;
  }

  std::mutex mtx_;
  std::unordered_map<std::string, std::optional<entry>> changes_;

  // -- of the relay's thread --------------------------------------------------

  std::unordered_set<entry, hash, same_id> all_;
  std::uint64_t version_ = 0;
};

} // namespace flamigo::detail
