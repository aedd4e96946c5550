#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "flamigo/presence/presence_change.hpp"
#include "flamigo/presence/presence_list.hpp"
#include "flamigo/presence/presence_member.hpp"

namespace flamigo::detail {

/// Who is in one channel, and what of it has not been told. Whoever uses it
/// sees to it that nobody else does.
class presence_room {
public:
  /// False if the list would be longer than `max_bytes`: then nothing has
  /// changed. Throws std::bad_alloc, and nothing has then either.
  bool set(const presence_member& who, std::size_t max_bytes);

  /// Whether that is to be told.
  bool remove(std::string_view key, std::string_view connection_id) noexcept;

  /// Who is there now, which somebody is told.
  std::vector<presence_entry> list();

  /// What nobody was told yet.
  void write_changes(presence_change& out) const;

  /// That was told.
  void told() noexcept;

  /// Whether there is anything to tell.
  bool has_changes() const noexcept {
    return !changed_.empty();
  }

  /// How many are there now.
  std::size_t present() const noexcept {
    return present_;
  }

  /// Whether nobody is there, and everybody has been told.
  bool empty() const noexcept {
    return keys_.empty();
  }

  /// Whether that is the first refusal since it was told last.
  bool is_first_refusal() noexcept;

private:
  struct shown {
    std::string connection_id;
    std::string state;
    std::uint64_t since;
  };

  struct entry {
    std::string key;
    /// The newest at the end; empty when it has left.
    std::vector<shown> connections;
    /// Whether somebody may know of it.
    bool is_told = false;
    /// Whether it is among those that have changed.
    bool is_changed = false;
  };

  using entries = std::list<entry>;

  void add(const presence_member& who);

  /// Where a connection belongs among others of its key.
  static std::vector<shown>::iterator
  place_of(const presence_member& who, std::vector<shown>& others) noexcept;

  void change(entries::iterator what) noexcept;

  /// What it takes in a list.
  static std::size_t bytes_of(const entry& what) noexcept;

  /// In the order in which they came.
  entries all_;
  std::unordered_map<std::string_view, entries::iterator> keys_;
  /// With room for all.
  std::vector<entries::iterator> changed_;
  std::size_t bytes_ = 0;
  std::size_t present_ = 0;
  bool has_refused_ = false;
};

} // namespace flamigo::detail
