#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>

#include "flamigo/cluster/detail/journal_transport.hpp"

namespace flamigo::test {

/// A journal in memory for nodes of one process, which does to them what a
/// network and a server do.
class fake_journal {
public:
  explicit fake_journal(std::uint32_t seed = 1) : random(seed) {
  }

  /// What one node sees of it.
  class end final : public detail::journal_transport {
  public:
    end(fake_journal& on, std::string id) : on_(on), id_(std::move(id)) {
    }

    ~end() override {
      stop();
    }

    void start(detail::journal_receiver& to) override {
      to_ = &to;
      on_.ends_[id_] = this;
      look();
    }

    void stop() override {
      on_.ends_.erase(id_);
      to_ = nullptr;
    }

    void tick() override {
    }

    void look() override {
      looks_ = true;
    }

    bool write(std::string_view body) override {
      if (on_.is_down || to_ == nullptr)
        return false;
      if (!on_.happens(on_.lost))
        on_.append(std::string{body});
      if (on_.happens(on_.twice))
        on_.append(std::string{body});
      return true;
    }

    void read(std::uint64_t reading, std::uint64_t from) override {
      reading_ = reading;
      number_ = 0;
      next_ = from;
    }

    const std::string& address() const override {
      return id_;
    }

    void ask(std::string_view question) override {
      for (auto& [id, who] : on_.ends_)
        who->post(true, question);
    }

    void answer(const std::string& address, std::string_view what) override {
      if (auto i = on_.ends_.find(address); i != on_.ends_.end())
        i->second->post(false, what);
    }

    /// Hands on one thing that is due. False if there is none.
    bool step() {
      if (to_ == nullptr)
        return false;
      if (looks_ && !on_.is_down) {
        looks_ = false;
        reading_ = 0;
        to_->opened(on_.facts());
        return true;
      }
      if (!letters_.empty()) {
        auto [is_question, text] = std::move(letters_.front());
        letters_.pop_front();
        if (is_question)
          to_->asked(text);
        else
          to_->answered(text);
        return true;
      }
      return !on_.is_down && reading_ != 0 && hand_on();
    }

    /// As a heartbeat does.
    void count() {
      if (to_ != nullptr && reading_ != 0 && !on_.is_down)
        to_->counted(reading_, number_);
    }

    void break_off(bool refused) {
      reading_ = 0;
      looks_ = true;
      letters_.clear();
      if (to_ != nullptr)
        to_->closed(refused ? "there is none" : "it is down", refused);
    }

  private:
    void post(bool is_question, std::string_view text) {
      if (!on_.is_down && !on_.happens(on_.lost))
        letters_.emplace_back(is_question, std::string{text});
    }

    bool hand_on() {
      next_ = std::max(next_, on_.first_);
      if (next_ >= on_.first_ + on_.messages_.size())
        return false;
      auto& body = on_.messages_[next_ - on_.first_];
      detail::journal_entry what{reading_, ++number_, next_++, body};
      if (!on_.happens(on_.unread))
        to_->came(what);
      return true;
    }

    fake_journal& on_;
    const std::string id_;
    detail::journal_receiver* to_ = nullptr;
    bool looks_ = false;
    std::uint64_t reading_ = 0;
    std::uint64_t number_ = 0;
    std::uint64_t next_ = 1;
    std::deque<std::pair<bool, std::string>> letters_;
  };

  /// Of a hundred messages: on the way to it, and on the way from it.
  unsigned lost = 0;
  unsigned twice = 0;
  unsigned unread = 0;

  /// The oldest of more are discarded.
  std::size_t max_messages = 1'000'000;

  /// Whether there is no server.
  bool is_down = false;

  void go_down(bool refused = false) {
    is_down = true;
    for (auto& [id, who] : std::map{ends_})
      who->break_off(refused);
  }

  void go_up() {
    is_down = false;
  }

  /// Another journal is there, and has nothing.
  void make_anew() {
    go_down();
    ++made_;
    messages_.clear();
    first_ = 1;
    go_up();
  }

  std::uint64_t size() const {
    return messages_.size();
  }

  bool happens(unsigned in_a_hundred) {
    return in_a_hundred > 0 && random() % 100 < in_a_hundred;
  }

  /// What who looks for it is told.
  detail::journal_facts facts() const {
    return {"made " + std::to_string(made_), first_,
            first_ + messages_.size() - 1, 1'048'576};
  }

  std::mt19937 random;

private:
  void append(std::string body) {
    messages_.push_back(std::move(body));
    if (messages_.size() > max_messages) {
      messages_.pop_front();
      ++first_;
    }
  }

  std::map<std::string, end*> ends_;
  std::deque<std::string> messages_;
  std::uint64_t first_ = 1;
  int made_ = 1;
};

} // namespace flamigo::test
