#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace flamigo::detail {

/// What is known here of another node's `note_log`: the ids of its entries, and
/// whether those are all.
template <class Note>
class note_copy {
public:
  /// Takes a note. `add` is called with each entry that is new or another one,
  /// and says whether there can be such a one; `remove` with the id of each
  /// that is there no longer. False if one could not be.
  template <class Add, class Remove>
  bool take(Note&& what, Add add, Remove remove) {
    auto result = true;
    if (what.begins) {
      listed_.clear();
      is_listing_ = true;
    }
    for (auto& id : what.removed) {
      listed_.erase(id);
      if (ids_.erase(id) == 1)
        remove(id);
    }
    for (auto& x : what.added) {
      if (!add(x)) {
        result = false;
        continue;
      }
      ids_.emplace(Note::id_of(x));
      if (is_listing_)
        listed_.emplace(Note::id_of(x));
    }
    if (what.ends && std::exchange(is_listing_, false)) {
      auto all = std::exchange(listed_, {});
      std::erase_if(ids_, [&](const std::string& id) {
        auto is_gone = !all.contains(id);
        if (is_gone)
          remove(id);
        return is_gone;
      });
      is_complete_ = true;
    }
    return result;
  }

  /// Some notes were lost: it is complete again when a list has come that began
  /// afterwards.
  void miss() noexcept {
    is_complete_ = false;
    is_listing_ = false;
    listed_.clear();
  }

  /// There is nothing any more.
  template <class Remove>
  void clear(Remove remove) {
    for (auto& id : std::exchange(ids_, {}))
      remove(id);
    miss();
  }

  /// Whether a list has come to its end, and nothing was missing since.
  bool is_complete() const noexcept {
    return is_complete_;
  }

  const std::unordered_set<std::string>& ids() const noexcept {
    return ids_;
  }

private:
  std::unordered_set<std::string> ids_;
  /// Those of a list that is on its way.
  std::unordered_set<std::string> listed_;
  bool is_listing_ = false;
  bool is_complete_ = false;
};

} // namespace flamigo::detail
