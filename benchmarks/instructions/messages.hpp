#pragma once

#include <cstdint>
#include <string>

#include <boost/describe/class.hpp>

#include "flamigo/topic/topic.hpp"
#include "flamigo/wire/client_message.hpp"

struct post {
  std::string room;
  std::string text;
};

BOOST_DESCRIBE_STRUCT(post, (), (room, text))

struct posted {
  std::uint64_t id;

  flamigo::topic topics() const {
    return flamigo::topic{"rooms/general"};
  }

  flamigo::client_message to_client() const {
    return flamigo::make_client_message("chat:posted", *this);
  }
};

BOOST_DESCRIBE_STRUCT(posted, (), (id))

inline constexpr auto post_frame
  = R"({"topic":"app::chat:post","payload":{"room":"general",)"
    R"("text":"the quick brown fox jumps over the lazy dog"},"ackId":"12345"})";
