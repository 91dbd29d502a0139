<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>viewer::app</name>
    <message>
        <source>Place</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Tile</source>
        <translation>瓦片</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Geometric error</source>
        <translation>几何误差</translation>
    </message>
    <message>
        <source>Usual sizes</source>
        <translation>常用尺寸</translation>
    </message>
    <message>
        <source>Width, pixels</source>
        <translation>宽度（像素）</translation>
    </message>
    <message>
        <source>Height, pixels</source>
        <translation>高度（像素）</translation>
    </message>
    <message>
        <source>Picture in any size</source>
        <translation>任意尺寸图片</translation>
    </message>
    <message>
        <source>Save the picture</source>
        <translation>保存图片</translation>
    </message>
    <message>
        <source>PNG picture (*.png)</source>
        <translation>PNG 图片 (*.png)</translation>
    </message>
    <message>
        <source>Video of the flight</source>
        <translation>漫游视频</translation>
    </message>
    <message>
        <source>Frames per second</source>
        <translation>每秒帧数</translation>
    </message>
    <message>
        <source>PNG frames in a folder instead of an MP4 file</source>
        <translation>输出 PNG 帧序列而非 MP4 文件</translation>
    </message>
    <message>
        <source>MP4 needs the program ffmpeg: sudo apt install ffmpeg</source>
        <translation>MP4 需要 ffmpeg 程序：sudo apt install ffmpeg</translation>
    </message>
    <message>
        <source>Folder for the frames</source>
        <translation>帧序列文件夹</translation>
    </message>
    <message>
        <source>Save the video</source>
        <translation>保存视频</translation>
    </message>
    <message>
        <source>MP4 video (*.mp4)</source>
        <translation>MP4 视频 (*.mp4)</translation>
    </message>
    <message>
        <source>Sun by date and time</source>
        <translation>按日期和时间设置太阳</translation>
    </message>
    <message>
        <source>The sun stands as on this day and hour</source>
        <translation>太阳位于该日期时刻的位置</translation>
    </message>
    <message>
        <source>Time of the city</source>
        <translation>城市当地时间</translation>
    </message>
    <message>
        <source>Left drag</source>
        <translation>左键拖动</translation>
    </message>
    <message>
        <source>move the ground under the cursor</source>
        <translation>移动光标下的地面</translation>
    </message>
    <message>
        <source>Right drag, Ctrl + left drag</source>
        <translation>右键拖动，Ctrl + 左键拖动</translation>
    </message>
    <message>
        <source>orbit about the point under the cursor</source>
        <translation>绕光标下的点旋转</translation>
    </message>
    <message>
        <source>Wheel, middle drag</source>
        <translation>滚轮，中键拖动</translation>
    </message>
    <message>
        <source>zoom to the cursor</source>
        <translation>向光标处缩放</translation>
    </message>
    <message>
        <source>Double click</source>
        <translation>双击</translation>
    </message>
    <message>
        <source>fly there</source>
        <translation>飞到该处</translation>
    </message>
    <message>
        <source>Click</source>
        <translation>单击</translation>
    </message>
    <message>
        <source>what is here? or the next point of a measure</source>
        <translation>查询属性，或量算的下一点</translation>
    </message>
    <message>
        <source>move; with Shift faster</source>
        <translation>移动；按住 Shift 加速</translation>
    </message>
    <message>
        <source>down and up</source>
        <translation>下降、上升</translation>
    </message>
    <message>
        <source>look up, down, turn</source>
        <translation>抬头、低头、转向</translation>
    </message>
    <message>
        <source>walk in the middle of the picture; again: fly</source>
        <translation>在画面中央步行；再按返回空中</translation>
    </message>
    <message>
        <source>whole city, north up, top down</source>
        <translation>全城、正北、俯视</translation>
    </message>
    <message>
        <source>Return, Backspace, Esc</source>
        <translation>回车、退格、Esc</translation>
    </message>
    <message>
        <source>a measure: finish, one point less, no more</source>
        <translation>量算：结束、撤销一点、取消</translation>
    </message>
    <message>
        <source>screenshot</source>
        <translation>截图</translation>
    </message>
    <message>
        <source> · no surface at %1 of %2 samples</source>
        <translation> · %2 个采样点中有 %1 个无地表</translation>
    </message>
    <message>
        <source>on the map %1 · in its own plane %2 · perimeter %3</source>
        <translation>水平投影 %1 · 自身平面 %2 · 周长 %3</translation>
    </message>
    <message>
        <source>the outline crosses itself! </source>
        <translation>轮廓自相交！</translation>
    </message>
    <message>
        <source>second point above the first; horizontal %1, slope %2°</source>
        <translation>第二点高于第一点；水平距离 %1，坡度 %2°</translation>
    </message>
    <message>
        <source>Distance</source>
        <translation>距离</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>面积</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>高度</translation>
    </message>
    <message>
        <source>Coordinates</source>
        <translation>坐标</translation>
    </message>
    <message>
        <source>straight %1 · horizontal %2 · rise %3</source>
        <translation>直线 %1 · 水平 %2 · 高差 %3</translation>
    </message>
    <message>
        <source> · along the surface %1</source>
        <translation> · 沿地表 %1</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>层级</translation>
    </message>
    <message>
        <source>Area in the plane</source>
        <translation>平面面积</translation>
    </message>
    <message>
        <source>Outline</source>
        <translation>周长</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>长度</translation>
    </message>
    <message>
        <source>Vintage</source>
        <translation>数据时间</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>数据来源</translation>
    </message>
    <message>
        <source>Height above terrain</source>
        <translation>离地高度</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>There is no field named “%1”. Texts stand in &apos;quotes&apos;.</source>
        <translation>没有名为“%1”的字段。文本请用单引号 &apos; &apos; 括起。</translation>
    </message>
    <message>
        <source>The condition cannot be understood at “%1”.</source>
        <translation>条件在“%1”处无法理解。</translation>
    </message>
    <message>
        <source>There is no function named “%1”.</source>
        <translation>没有名为“%1”的函数。</translation>
    </message>
    <message>
        <source>The condition is not finished.</source>
        <translation>条件没有写完。</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英文</translation>
    </message>
    <message>
        <source>no style for the table %1 is in it</source>
        <translation>其中没有表 %1 的样式</translation>
    </message>
    <message>
        <source>measure a distance, an area, a height, a point</source>
        <translation>量距离、面积、高度、坐标</translation>
    </message>
    <message>
        <source>draw a site and check it against all layers</source>
        <translation>绘制用地，对照全部图层检查</translation>
    </message>
    <message>
        <source>search the layers; Return, then Space</source>
        <translation>搜索图层；回车选中，空格开关</translation>
    </message>
    <message>
        <source>bookmark this view; fly through the bookmarks</source>
        <translation>收藏当前视角；沿书签飞行</translation>
    </message>
</context>
<context>
    <name>viewer::app::Actions</name>
    <message>
        <source>&amp;Open files…</source>
        <translation>打开文件(&amp;O)…</translation>
    </message>
    <message>
        <source>Open a city&apos;s &amp;folder…</source>
        <translation>打开城市文件夹(&amp;F)…</translation>
    </message>
    <message>
        <source>Open a &amp;URL…</source>
        <translation>打开网址(&amp;U)…</translation>
    </message>
    <message>
        <source>&amp;Save the view…</source>
        <translation>保存视图(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Close all</source>
        <translation>全部关闭(&amp;C)</translation>
    </message>
    <message>
        <source>Screens&amp;hot</source>
        <translation>截图(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Picture in any size…</source>
        <translation>任意尺寸图片(&amp;P)…</translation>
    </message>
    <message>
        <source>&amp;Video of the flight…</source>
        <translation>漫游视频(&amp;V)…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Whole city</source>
        <translation>全城(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;North up</source>
        <translation>正北(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Top down</source>
        <translation>俯视(&amp;T)</translation>
    </message>
    <message>
        <source>Wal&amp;k</source>
        <translation>步行(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;Haze in the distance</source>
        <translation>远处薄雾(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Shadows</source>
        <translation>阴影(&amp;S)</translation>
    </message>
    <message>
        <source>Sun by &amp;date and time…</source>
        <translation>日期时间与太阳(&amp;D)…</translation>
    </message>
    <message>
        <source>&amp;Full screen</source>
        <translation>全屏(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Look and click</source>
        <translation>浏览点选(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Distance</source>
        <translation>距离(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Area</source>
        <translation>面积(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Height</source>
        <translation>高度(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Coordinates</source>
        <translation>坐标(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Bookmark this view</source>
        <translation>添加书签(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Fly through the bookmarks</source>
        <translation>沿书签漫游(&amp;F)</translation>
    </message>
    <message>
        <source>Mouse and &amp;keys</source>
        <translation>鼠标与按键(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;About city3d</source>
        <translation>关于 city3d(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Recent</source>
        <translation>最近打开(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Panels</source>
        <translation>面板(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Quality</source>
        <translation>画质(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>语言(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Measure</source>
        <translation>量算(&amp;M)</translation>
    </message>
    <message>
        <source>F&amp;light</source>
        <translation>漫游(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>Tool bar</source>
        <translation>工具栏</translation>
    </message>
    <message>
        <source>&amp;Export the measurements…</source>
        <translation>导出量算结果(&amp;E)…</translation>
    </message>
    <message>
        <source>Check a &amp;site</source>
        <translation>地块检查(&amp;S)</translation>
    </message>
    <message>
        <source>Search &amp;layers</source>
        <translation>搜索图层(&amp;L)</translation>
    </message>
</context>
<context>
    <name>viewer::app::AttributePanel</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>In the layers that are shown</source>
        <translation>已显示的图层</translation>
    </message>
    <message>
        <source>In all layers</source>
        <translation>全部图层</translation>
    </message>
</context>
<context>
    <name>viewer::app::BookmarkPanel</name>
    <message>
        <source>Double click: fly there. Drag: the order of the flight</source>
        <translation>双击飞到该视角；拖动可调整漫游顺序</translation>
    </message>
    <message>
        <source>View %1</source>
        <translation>视角 %1</translation>
    </message>
    <message>
        <source>Fly there</source>
        <translation>飞到此处</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
</context>
<context>
    <name>viewer::app::ContentPanel</name>
    <message>
        <source>3D tiles</source>
        <translation>三维模型</translation>
    </message>
    <message>
        <source>Planning layers</source>
        <translation>规划图层</translation>
    </message>
    <message>
        <source>Opacity of what is selected</source>
        <translation>所选项的不透明度</translation>
    </message>
    <message numerus="yes">
        <source>%n feature(s)</source>
        <translation>
            <numerusform>%n 个要素</numerusform>
        </translation>
    </message>
    <message>
        <source>Look at it</source>
        <translation>查看全貌</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Close the file</source>
        <translation>关闭该文件</translation>
    </message>
    <message>
        <source>Rule: sites must not lie inside</source>
        <translation>规则：地块不得压占</translation>
    </message>
    <message>
        <source>Rule: sites must lie inside</source>
        <translation>规则：地块须在范围内</translation>
    </message>
    <message>
        <source>Rule: the use must suit</source>
        <translation>规则：用途须相符</translation>
    </message>
    <message>
        <source>Rule: limits heights</source>
        <translation>规则：限制高度</translation>
    </message>
    <message>
        <source>Rule: informs only</source>
        <translation>规则：仅提示</translation>
    </message>
    <message>
        <source>Search layers</source>
        <translation>搜索图层</translation>
    </message>
    <message>
        <source>Only the layers that are shown</source>
        <translation>只列出已显示的图层</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>属性表</translation>
    </message>
    <message>
        <source>Vintage</source>
        <translation>数据时间</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>数据来源</translation>
    </message>
    <message>
        <source>Source&apos;s CRS</source>
        <translation>来源坐标系</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>全部显示</translation>
    </message>
    <message>
        <source>Hide all</source>
        <translation>全部隐藏</translation>
    </message>
    <message>
        <source>Filter…</source>
        <translation>筛选…</translation>
    </message>
    <message>
        <source>Style…</source>
        <translation>样式…</translation>
    </message>
    <message>
        <source>Show only this layer</source>
        <translation>仅显示此图层</translation>
    </message>
    <message>
        <source>Presets: layers that are shown together</source>
        <translation>图层组合：一起显示的图层</translation>
    </message>
    <message>
        <source>Favourites</source>
        <translation>常用图层</translation>
    </message>
    <message>
        <source>Favourite</source>
        <translation>常用</translation>
    </message>
</context>
<context>
    <name>viewer::app::Contents</name>
    <message>
        <source>Opening %1</source>
        <translation>正在打开 %1</translation>
    </message>
    <message>
        <source>The layers will be laid on the next city that is opened</source>
        <translation>图层将叠加到下一个打开的城市上</translation>
    </message>
</context>
<context>
    <name>viewer::app::LegendPanel</name>
    <message>
        <source>Style…</source>
        <translation>样式…</translation>
    </message>
    <message>
        <source>Colours, lines and labels of the layer that is selected</source>
        <translation>所选图层的颜色、线型与标注</translation>
    </message>
    <message>
        <source>Load…</source>
        <translation>载入…</translation>
    </message>
    <message>
        <source>The style of the layer that is selected from QGIS (.qml), SLD or JSON</source>
        <translation>从 QGIS (.qml)、SLD 或 JSON 载入所选图层的样式</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>The styles of all layers as JSON</source>
        <translation>将全部图层的样式存为 JSON</translation>
    </message>
</context>
<context>
    <name>viewer::app::MainWindow</name>
    <message>
        <source>Contents</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Bookmarks</source>
        <translation>书签</translation>
    </message>
    <message>
        <source>What is here</source>
        <translation>属性</translation>
    </message>
    <message>
        <source>Measurements</source>
        <translation>量算结果</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Cities, layers and views (*.json *.3tz *.glb *.b3dm *.shp *.gpkg *.geojson *.kml *.dxf *.csv *.fgb *.tab);;All files (*)</source>
        <translation>城市、图层与视图 (*.json *.3tz *.glb *.b3dm *.shp *.gpkg *.geojson *.kml *.dxf *.csv *.fgb *.tab);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Folder that holds a tileset.json</source>
        <translation>包含 tileset.json 的文件夹</translation>
    </message>
    <message>
        <source>Open a URL</source>
        <translation>打开网址</translation>
    </message>
    <message>
        <source>Address of a tileset.json</source>
        <translation>tileset.json 的网址</translation>
    </message>
    <message>
        <source>Save the view</source>
        <translation>保存视图</translation>
    </message>
    <message>
        <source>View (*.json)</source>
        <translation>视图 (*.json)</translation>
    </message>
    <message>
        <source>Opened %1</source>
        <translation>已打开 %1</translation>
    </message>
    <message>
        <source>Written: %1</source>
        <translation>已写入：%1</translation>
    </message>
    <message>
        <source>Mouse and keys</source>
        <translation>鼠标与按键</translation>
    </message>
    <message>
        <source>About city3d</source>
        <translation>关于 city3d</translation>
    </message>
    <message>
        <source>city3d: realistic 3D cities with their plans on them.
Apache License 2.0</source>
        <translation>city3d：叠加规划的实景三维城市。
Apache License 2.0</translation>
    </message>
    <message>
        <source>There is no ground in the middle of the picture</source>
        <translation>画面中央没有地面</translation>
    </message>
    <message>
        <source>A flight needs two bookmarks at least</source>
        <translation>漫游至少需要两个书签</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>正在打开…</translation>
    </message>
    <message>
        <source>Drop a city&apos;s folder here, or open one: Ctrl+Shift+O</source>
        <translation>将城市文件夹拖到此处，或按 Ctrl+Shift+O 打开</translation>
    </message>
    <message>
        <source>A picture or a video is still being made. Close all the same?</source>
        <translation>图片或视频仍在生成，确定要关闭吗？</translation>
    </message>
    <message>
        <source>Legend</source>
        <translation>图例</translation>
    </message>
    <message>
        <source>Site check</source>
        <translation>地块检查</translation>
    </message>
    <message>
        <source>Attribute table</source>
        <translation>属性表</translation>
    </message>
</context>
<context>
    <name>viewer::app::MeasurePanel</name>
    <message>
        <source>Measured</source>
        <translation>项目</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Drop</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>The rows that are selected, or all if none is</source>
        <translation>删除所选行；未选则删除全部</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Save the measurements</source>
        <translation>保存量算结果</translation>
    </message>
    <message>
        <source>Table (*.csv)</source>
        <translation>表格 (*.csv)</translation>
    </message>
</context>
<context>
    <name>viewer::app::PictureMaker</name>
    <message>
        <source>The screenshot could not be written: %1</source>
        <translation>无法写入截图：%1</translation>
    </message>
</context>
<context>
    <name>viewer::app::PlaceReadout</name>
    <message>
        <source>Plane</source>
        <translation>平面坐标系</translation>
    </message>
    <message>
        <source>X (north)</source>
        <translation>X（北）</translation>
    </message>
    <message>
        <source>Y (east)</source>
        <translation>Y（东）</translation>
    </message>
    <message>
        <source>Longitude</source>
        <translation>经度</translation>
    </message>
    <message>
        <source>Latitude</source>
        <translation>纬度</translation>
    </message>
    <message>
        <source>Height, ellipsoid</source>
        <translation>椭球高</translation>
    </message>
    <message>
        <source>Height, EGM96</source>
        <translation>海拔（EGM96）</translation>
    </message>
</context>
<context>
    <name>viewer::app::PlanningDesk</name>
    <message>
        <source>Written: %1</source>
        <translation>已写入：%1</translation>
    </message>
    <message>
        <source>Style of %1</source>
        <translation>%1 的样式</translation>
    </message>
    <message>
        <source>Styles (*.qml *.sld *.xml *.json)</source>
        <translation>样式 (*.qml *.sld *.xml *.json)</translation>
    </message>
    <message>
        <source>Save the styles</source>
        <translation>保存样式</translation>
    </message>
    <message>
        <source>Styles (*.json)</source>
        <translation>样式 (*.json)</translation>
    </message>
</context>
<context>
    <name>viewer::app::PlanningLayers</name>
    <message>
        <source>Reading %1: %2 features</source>
        <translation>正在读取 %1：%2 个要素</translation>
    </message>
    <message>
        <source>%1 layers with %2 features</source>
        <translation>%1 个图层，%2 个要素</translation>
    </message>
</context>
<context>
    <name>viewer::app::PresetMenu</name>
    <message>
        <source>Save what is shown…</source>
        <translation>保存当前显示的图层…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Preset of layers</source>
        <translation>图层组合</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
</context>
<context>
    <name>viewer::app::QualityMenu</name>
    <message>
        <source>Finest (4 pixels)</source>
        <translation>最精细（4 像素）</translation>
    </message>
    <message>
        <source>Fine (8 pixels)</source>
        <translation>精细（8 像素）</translation>
    </message>
    <message>
        <source>Normal (16 pixels)</source>
        <translation>标准（16 像素）</translation>
    </message>
    <message>
        <source>Fast (32 pixels)</source>
        <translation>流畅（32 像素）</translation>
    </message>
</context>
<context>
    <name>viewer::app::RenderJob</name>
    <message>
        <source>Drawing with all tiles loaded…</source>
        <translation>正在以完整数据绘制…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>viewer::app::SitePanel</name>
    <message numerus="yes">
        <source>%n point(s)</source>
        <translation>
            <numerusform>%n 个点</numerusform>
        </translation>
    </message>
    <message>
        <source>Drawn site</source>
        <translation>绘制的地块</translation>
    </message>
    <message>
        <source>Click a feature on the city, or select rows of a table, first</source>
        <translation>请先在城市上点选要素，或在属性表中选择行</translation>
    </message>
    <message>
        <source>Selected features</source>
        <translation>所选要素</translation>
    </message>
    <message>
        <source>Outline of the site</source>
        <translation>地块范围</translation>
    </message>
    <message>
        <source>Vector files (*.shp *.gpkg *.geojson *.json *.kml *.dxf *.csv);;All files (*)</source>
        <translation>矢量文件 (*.shp *.gpkg *.geojson *.json *.kml *.dxf *.csv);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Rules of the check</source>
        <translation>检查规则</translation>
    </message>
    <message>
        <source>Rules (*.json)</source>
        <translation>规则 (*.json)</translation>
    </message>
    <message>
        <source>checking…</source>
        <translation>正在检查…</translation>
    </message>
    <message>
        <source>Folder for the report</source>
        <translation>报告存放的文件夹</translation>
    </message>
    <message>
        <source>The site on the city</source>
        <translation>地块在城市中的位置</translation>
    </message>
    <message>
        <source>Written: %1</source>
        <translation>已写入：%1</translation>
    </message>
    <message>
        <source>Draw a site on the city: click its corners, double click the last. It is held against all layers, hidden ones too.</source>
        <translation>在城市上绘制地块：依次单击各角点，双击结束。将与全部图层（包括未显示的）逐一比对。</translation>
    </message>
    <message>
        <source>Site: %1, %2</source>
        <translation>地块：%1，%2</translation>
    </message>
    <message numerus="yes">
        <source>Conflicts with %n layer(s)</source>
        <translation>
            <numerusform>与 %n 个图层冲突</numerusform>
        </translation>
    </message>
    <message>
        <source>No conflict</source>
        <translation>没有冲突</translation>
    </message>
    <message>
        <source>Conflicts</source>
        <translation>冲突</translation>
    </message>
    <message>
        <source>Also touched</source>
        <translation>其他涉及</translation>
    </message>
    <message>
        <source>Satisfied</source>
        <translation>符合</translation>
    </message>
    <message>
        <source>Distances</source>
        <translation>距离</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Draw a site</source>
        <translation>绘制地块</translation>
    </message>
    <message>
        <source>Click the corners on the city, double click the last one</source>
        <translation>在城市上单击各角点，双击最后一点</translation>
    </message>
    <message>
        <source>Selected</source>
        <translation>所选要素</translation>
    </message>
    <message>
        <source>The features that are selected are the site</source>
        <translation>以所选要素为地块</translation>
    </message>
    <message>
        <source>File…</source>
        <translation>文件…</translation>
    </message>
    <message>
        <source>The site of a vector file</source>
        <translation>以矢量文件为地块</translation>
    </message>
    <message>
        <source>Rules…</source>
        <translation>规则…</translation>
    </message>
    <message>
        <source>The rules of the legend hold; a file may give others</source>
        <translation>使用图例中的规则；也可由文件给出</translation>
    </message>
    <message>
        <source>Rules of %1</source>
        <translation>规则来自 %1</translation>
    </message>
    <message>
        <source>Report…</source>
        <translation>报告…</translation>
    </message>
    <message>
        <source>Writes the answer as HTML, JSON and GeoPackage</source>
        <translation>将结果写成 HTML、JSON 与 GeoPackage</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>图层</translation>
    </message>
    <message>
        <source>Overlap</source>
        <translation>重叠</translation>
    </message>
    <message>
        <source>Of the site</source>
        <translation>占地块</translation>
    </message>
    <message>
        <source>The rule is guessed from the layer&apos;s name: please confirm</source>
        <translation>规则由图层名推测，请确认</translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s) checked</source>
        <translation>
            <numerusform>已检查 %n 个图层</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>viewer::app::StatusReadout</name>
    <message>
        <source>Show the log</source>
        <translation>显示日志</translation>
    </message>
    <message>
        <source>Tiles being loaded, memory for tiles, the largest error on the screen that is allowed now</source>
        <translation>正在加载的瓦片、瓦片占用内存、当前允许的最大屏幕误差</translation>
    </message>
    <message>
        <source>%1 m/pixel</source>
        <translation>%1 米/像素</translation>
    </message>
    <message>
        <source>opening…</source>
        <translation>正在打开…</translation>
    </message>
    <message>
        <source>complete</source>
        <translation>已完整</translation>
    </message>
    <message>
        <source>loading %1</source>
        <translation>加载中 %1</translation>
    </message>
    <message>
        <source>%1 · %2 tiles · %3 MB · error %4 px</source>
        <translation>%1 · %2 个瓦片 · %3 MB · 误差 %4 像素</translation>
    </message>
    <message numerus="yes">
        <source>%n tile(s) failed</source>
        <translation>
            <numerusform>%n 个瓦片失败</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>viewer::app::StyleDialog</name>
    <message>
        <source>always</source>
        <translation>始终</translation>
    </message>
    <message>
        <source>Style of %1</source>
        <translation>%1 的样式</translation>
    </message>
    <message>
        <source>every surface</source>
        <translation>所有表面</translation>
    </message>
    <message>
        <source>roofs and ground</source>
        <translation>屋顶与地面</translation>
    </message>
    <message>
        <source>near the ground</source>
        <translation>近地面</translation>
    </message>
    <message>
        <source>single buildings, by height</source>
        <translation>单体建筑（按高度）</translation>
    </message>
    <message>
        <source>Lies on</source>
        <translation>贴附于</translation>
    </message>
    <message>
        <source>Strength on walls</source>
        <translation>墙面强度</translation>
    </message>
    <message>
        <source>Within</source>
        <translation>地面以上</translation>
    </message>
    <message>
        <source>Base height</source>
        <translation>底部高程</translation>
    </message>
    <message>
        <source>Top height</source>
        <translation>顶部高程</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>标注</translation>
    </message>
    <message>
        <source>Label&apos;s size</source>
        <translation>标注大小</translation>
    </message>
    <message>
        <source>Label&apos;s colour</source>
        <translation>标注颜色</translation>
    </message>
    <message>
        <source>Drawn from</source>
        <translation>显示比例自</translation>
    </message>
    <message>
        <source>up to</source>
        <translation>至</translation>
    </message>
    <message>
        <source>all features</source>
        <translation>全部要素</translation>
    </message>
    <message>
        <source>all others</source>
        <translation>其他</translation>
    </message>
</context>
<context>
    <name>viewer::app::SymbolForm</name>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>solid</source>
        <translation>实心</translation>
    </message>
    <message>
        <source>hatched</source>
        <translation>斜线</translation>
    </message>
    <message>
        <source>pixels</source>
        <translation>像素</translation>
    </message>
    <message>
        <source>metres</source>
        <translation>米</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>填充</translation>
    </message>
    <message>
        <source>Fill&apos;s opacity</source>
        <translation>填充不透明度</translation>
    </message>
    <message>
        <source>Stripes: angle, distance</source>
        <translation>斜线：角度、间距</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>线</translation>
    </message>
    <message>
        <source>Dash, gap</source>
        <translation>虚线、间隔</translation>
    </message>
    <message>
        <source>Dark edge of the line</source>
        <translation>线的衬边</translation>
    </message>
    <message>
        <source>Point&apos;s diameter</source>
        <translation>点的直径</translation>
    </message>
</context>
<context>
    <name>viewer::app::TablePanel</name>
    <message>
        <source>Choose “Table” in a layer&apos;s menu</source>
        <translation>在图层菜单中选择“属性表”</translation>
    </message>
    <message>
        <source>searching…</source>
        <translation>正在查询…</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Table for Excel, UTF-8 with a mark (*.csv)</source>
        <translation>Excel 表格，带标记的 UTF-8 (*.csv)</translation>
    </message>
    <message>
        <source>Save the table</source>
        <translation>保存表格</translation>
    </message>
    <message>
        <source>Table, plain UTF-8 (*.csv)</source>
        <translation>表格，纯 UTF-8 (*.csv)</translation>
    </message>
    <message>
        <source>Condition, such as: JZXG &gt; 24 AND YDYHFLMC LIKE &apos;%商%&apos;</source>
        <translation>条件，例如：JZXG &gt; 24 AND YDYHFLMC LIKE &apos;%商%&apos;</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Only the features that satisfy the condition, here and on the city</source>
        <translation>只保留满足条件的要素，城市上同样</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>All features again</source>
        <translation>恢复全部要素</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>The rows of the table as CSV</source>
        <translation>将表中各行存为 CSV</translation>
    </message>
</context>
</TS>
