<!-- QGIS style of sites that are points, by match. The program copies the symbol for each class and fills the words in braces;
     labels are taken as they are. -->
<qgis version="3.22.0" styleCategories="Symbology|Labeling|Fields" labelsEnabled="1">
  <aliases/>
  <renderer-v2 type="categorizedSymbol" attr="match" enableorderby="0" forceraster="0" symbollevels="0">
    <categories/>
    <symbols>
      <symbol type="marker" name="class" alpha="1" clip_to_extent="1" force_rhr="0">
        <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option name="name" type="QString" value="{shape}"/>
            <Option name="angle" type="QString" value="{angle}"/>
            <Option name="color" type="QString" value="{fill}"/>
            <Option name="outline_color" type="QString" value="{stroke}"/>
            <Option name="outline_style" type="QString" value="solid"/>
            <Option name="outline_width" type="QString" value="{stroke_mm}"/>
            <Option name="outline_width_unit" type="QString" value="MM"/>
            <Option name="size" type="QString" value="3.6"/>
            <Option name="size_unit" type="QString" value="MM"/>
            <Option name="scale_method" type="QString" value="diameter"/>
            <Option name="horizontal_anchor_point" type="QString" value="1"/>
            <Option name="vertical_anchor_point" type="QString" value="1"/>
          </Option>
        </layer>
      </symbol>
    </symbols>
    <rotation/>
    <sizescale/>
  </renderer-v2>
  <labeling type="simple">
    <settings calloutType="simple">
      <text-style fieldName="coalesce(nullif(&quot;name&quot;, ''), &quot;id&quot;)" isExpression="1" fontFamily="Sans Serif" fontSize="8" textColor="34,34,34,255" fontSizeUnit="Point" textOpacity="1" previewBkgrdColor="255,255,255,255">
        <text-buffer bufferDraw="1" bufferSize="0.8" bufferSizeUnits="MM" bufferColor="255,255,255,255" bufferOpacity="0.85" bufferNoFill="0" bufferJoinStyle="128"/>
      </text-style>
      <text-format multilineAlign="1" useMaxLineLengthForAutoWrap="1"/>
      <placement placement="6" predefinedPositionOrder="TR,R,BR,TL,L,BL,T,B" dist="1.4" distUnits="MM" offsetType="1" priority="8"/>
      <rendering drawLabels="1" displayAll="0" obstacle="1" fontMinPixelSize="3" fontMaxPixelSize="10000" maxNumLabels="2000" scaleVisibility="0"/>
    </settings>
  </labeling>
  <blendMode>0</blendMode>
  <featureBlendMode>0</featureBlendMode>
  <layerOpacity>1</layerOpacity>
  <layerGeometryType>0</layerGeometryType>
</qgis>
