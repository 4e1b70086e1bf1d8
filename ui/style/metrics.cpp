// SPDX-License-Identifier: Apache-2.0
#include "ui/style/metrics.h"

namespace tramontane::ui {

TypeSpec typeSpec(TypeRole role)
{
    switch (role) {
    case TypeRole::ScreenTitle: return {19, 26, QFont::DemiBold};
    case TypeRole::UnlockTitle: return {21, 28, QFont::DemiBold};
    case TypeRole::SectionTitle: return {15, 22, QFont::DemiBold};
    case TypeRole::HeaderTitle: return {14.5, 20, QFont::DemiBold};
    case TypeRole::Prose: return {14.5, 23};
    case TypeRole::OwnMessage: return {14.5, 22};
    case TypeRole::NarrowProse: return {14, 22};
    case TypeRole::Ui: return {13, 18};
    case TypeRole::UiStrong: return {13, 18, QFont::DemiBold};
    case TypeRole::Button: return {13, 18, QFont::Medium};
    case TypeRole::Secondary: return {12.5, 18};
    case TypeRole::SecondaryStrong: return {12.5, 18, QFont::DemiBold};
    case TypeRole::TableCell: return {13.5, 19};
    case TypeRole::Hint: return {12, 16};
    case TypeRole::Caption:
    case TypeRole::TableHead: return {11.5, 15, QFont::DemiBold};
    case TypeRole::Status: return {11.5, 15};
    case TypeRole::Label:
    case TypeRole::Citation: return {11, 14, QFont::DemiBold};
    case TypeRole::Kbd: return {11, 14, QFont::Medium};
    case TypeRole::Code: return {12.5, 19, QFont::Normal, true};
    case TypeRole::CodeHint: return {11.5, 15, QFont::Normal, true};
    }
    return {};
}

} // namespace tramontane::ui
